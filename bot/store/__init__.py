"""What is kept, in SQL: one class per aggregate."""
