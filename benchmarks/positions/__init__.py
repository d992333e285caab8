"""How positions scale: tokens, waiting, memory and work, on captured threads and on one of our own writing."""
