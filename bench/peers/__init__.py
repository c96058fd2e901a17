"""The same talk as the product's, built the way two well-known libraries teach."""
