//go:build !race

package main

// withRace says whether the program is built with the race detector.
const withRace = false
