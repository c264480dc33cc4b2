"""The care pair: one client, one therapist, one practice. Who may see what starts here."""
