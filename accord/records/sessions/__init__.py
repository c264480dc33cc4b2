"""Therapy sessions, booked and held. Labelled therapy_sessions: Django has sessions of its own."""
