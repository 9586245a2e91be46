"""Training of the activation network of the audio analyzer."""
