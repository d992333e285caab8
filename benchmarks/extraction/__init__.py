"""How well pages are read, measured on gold of others that lies beside this checkout (../shared/extractbench)."""
