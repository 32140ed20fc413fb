"""DMN 1.3: decision tables, literal expressions and what they require. Knows nothing of the engine or of storage."""
