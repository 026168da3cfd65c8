"""Who is responsible for workers on the spot: village cadres, team members, liaison staff (包保责任人、联络员)."""
