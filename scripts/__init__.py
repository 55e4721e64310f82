"""Scripts that write pages and pictures of docs/."""
