"""The client for asyncio. `musearoo.client.synchronous` is generated from this folder."""
