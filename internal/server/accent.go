package server

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// leastContrast is what text needs to be read on its ground (WCAG 2.2, 1.4.3).
const leastContrast = 4.5

// tint is a colour: red, green and blue, each from 0 to 255.
type tint [3]uint8

// parseTint reads "#rrggbb".
func parseTint(s string) (tint, error) {
	n, err := strconv.ParseUint(s[min(1, len(s)):], 16, 24)
	if err != nil || len(s) != 7 || s[0] != '#' {
		return tint{}, fmt.Errorf("%q is no colour", s)
	}
	return tint{uint8(n >> 16 & 0xff), uint8(n >> 8 & 0xff), uint8(n & 0xff)}, nil // #nosec G115 -- what is cut off is a byte
}

func (c tint) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// luminance is how bright the colour is, from 0 to 1 (WCAG 2.2, relative luminance).
func (c tint) luminance() float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// contrast is the ratio of two colours, from 1 to 21 (WCAG 2.2, contrast ratio).
func contrast(a, b tint) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// toward mixes a part of another colour in, from 0 to 1.
func (c tint) toward(to tint, part float64) tint {
	for i := range c {
		c[i] = uint8(math.Round(float64(c[i]) + (float64(to[i])-float64(c[i]))*part))
	}
	return c
}

var black, white = tint{}, tint{255, 255, 255}

// The grounds of text in plenary.css, which a test compares: paper, sheet, calm and alert-paper.
var (
	lightGrounds = []tint{{0xfb, 0xfa, 0xf7}, {0xff, 0xff, 0xff}, {0xf2, 0xf0, 0xea}, {0xfd, 0xee, 0xec}}
	darkGrounds  = []tint{{0x15, 0x17, 0x1a}, {0x1c, 0x1f, 0x23}, {0x20, 0x23, 0x27}, {0x3a, 0x1f, 0x1d}}
)

// shade gives the colour as near as can be to the one that was chosen that can be read on all grounds: with as much of
// another one in it as that takes.
func shade(chosen, to tint, grounds []tint) tint {
	const steps = 100
	for i := range steps {
		c := chosen.toward(to, float64(i)/steps)
		if !slices.ContainsFunc(grounds, func(ground tint) bool { return contrast(c, ground) < leastContrast }) {
			return c
		}
	}
	return to
}

// accentStyle gives the style sheet of an Event's colour. What is printed is black.
func accentStyle(accent string) ([]byte, error) {
	chosen, err := parseTint(accent)
	if err != nil {
		return nil, err
	}
	light, dark := shade(chosen, black, lightGrounds), shade(chosen, white, darkGrounds)
	const rules = "%s{:root{--link:%[2]s;--strong:%[2]s;--on-strong:%[3]s}}\n"
	return []byte(fmt.Sprintf(rules, "@media screen", light, white) +
		fmt.Sprintf(rules, "@media screen and (prefers-color-scheme:dark)", dark, darkGrounds[0])), nil
}
