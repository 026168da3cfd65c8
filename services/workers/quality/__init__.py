"""How complete profiles are, and what would help matching most."""
