"""Pictures as typed specifications, made from the answers alone; the bundle in `assets/` draws them."""
