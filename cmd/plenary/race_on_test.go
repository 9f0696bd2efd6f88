//go:build race

package main

// withRace says whether the program is built with the race detector, under which SQLite takes ten times as long.
const withRace = true
