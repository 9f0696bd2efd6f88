package app

import "plenary/internal/store"

// Fold gives a text as searches compare it: without case and marks, "đồng bằng" as "dong bang". Readers of the agenda search
// as organizers do.
func Fold(text string) string { return store.Fold(text) }
