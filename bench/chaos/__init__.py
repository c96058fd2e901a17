"""A city under fire: real processes, killed at random; then both sides are asked."""
