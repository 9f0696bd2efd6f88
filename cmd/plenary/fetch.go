package main

import (
	"context"

	"plenary/internal/fetch"
	"plenary/internal/source"
)

// fetched gives the file at an address.
func fetched(ctx context.Context, address string) ([]byte, error) {
	data, _, err := fetch.Fetch(ctx, fetch.Options{Max: source.MaxFile}, address)
	return data, err
}
