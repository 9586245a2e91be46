"""Tests of the engines: types in both directions, properties over everything, golden takes, measures of people."""
