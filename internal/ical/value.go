package ical

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// appendValue appends the value of a property of that kind, or says why it cannot be written.
func appendValue(dst []byte, k kind, s string) ([]byte, error) {
	switch k {
	case kindText:
		return appendText(dst, s), nil
	case kindURI:
		return appendURI(dst, s)
	case kindAddress:
		return appendAddress(dst, s)
	case kindGeo:
		return appendGeo(dst, s)
	}
	// What is left is written as it is, so nothing but printable ASCII may pass: no line break, no control.
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return dst, fmt.Errorf("has the octet 0x%02x, which only texts may have", s[i])
		}
	}
	if s == "" {
		return dst, errors.New("is empty")
	}
	if err := checkStructured(k, s); err != nil {
		return dst, err
	}
	return append(dst, s...), nil
}

// checkStructured checks a value of printable ASCII against the grammar of its kind.
func checkStructured(k kind, s string) error {
	ok := true
	switch k {
	case kindToken:
		ok = isName(s)
	case kindUTC:
		ok = isDateTime(s) && strings.HasSuffix(s, "Z")
	case kindTime:
		for item := range strings.SplitSeq(s, ",") {
			ok = ok && (isDateTime(item) || isDate(item))
		}
	case kindDuration:
		ok = isDuration(s)
	case kindInteger:
		n, err := strconv.ParseInt(s, 10, 32)
		ok = err == nil && n >= 0 && isDigit(s[0])
	case kindRule:
		ok = strings.HasPrefix(s, "FREQ=") && only(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=;,+-")
	case kindOffset:
		ok = isOffset(s)
	case kindPeriod:
		ok = only(s, "0123456789TZPWDHMS/,+-")
	case kindBinary:
		ok = only(strings.TrimRight(s, "="), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
	}
	if !ok {
		return fmt.Errorf("has the malformed value %q", s[:min(len(s), 40)])
	}
	return nil
}

// escapes are the octets that TEXT does not have as they are.
var escapes = [256]bool{'\n': true, '\\': true, ';': true, ',': true}

// appendText appends s cleaned and escaped as TEXT (RFC 5545, 3.3.11).
func appendText(dst []byte, s string) []byte {
	s = clean(s)
	from := 0
	for i := 0; i < len(s); i++ {
		if !escapes[s[i]] {
			continue
		}
		dst = append(append(dst, s[from:i]...), '\\')
		from = i
		if s[i] == '\n' {
			dst = append(dst, 'n')
			from = i + 1
		}
	}
	return append(dst, s[from:]...)
}

// appendGeo appends a position with six decimals (RFC 5545, 3.8.1.6). The library writes small numbers with an
// exponent, which the grammar does not have.
func appendGeo(dst []byte, s string) ([]byte, error) {
	latitude, longitude, found := strings.Cut(s, ";")
	north, err1 := strconv.ParseFloat(latitude, 64)
	east, err2 := strconv.ParseFloat(longitude, 64)
	// Written so that NaN fails as well.
	if !found || err1 != nil || err2 != nil || !(math.Abs(north) <= 90) || !(math.Abs(east) <= 180) {
		return dst, errors.New("is not a latitude and a longitude in degrees")
	}
	dst = strconv.AppendFloat(dst, north, 'f', 6, 64)
	dst = append(dst, ';')
	return strconv.AppendFloat(dst, east, 'f', 6, 64), nil
}

// isDate reports whether s is a DATE of the calendar (RFC 5545, 3.3.4).
func isDate(s string) bool {
	if len(s) != len("20060102") || !only(s, "0123456789") {
		return false
	}
	year, month, day := atoi(s[:4]), atoi(s[4:6]), atoi(s[6:])
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// isDateTime reports whether s is a DATE-TIME, with or without Z (RFC 5545, 3.3.5).
func isDateTime(s string) bool {
	s = strings.TrimSuffix(s, "Z")
	return len(s) == len("20060102T150405") && s[8] == 'T' && isDate(s[:8]) && only(s[9:], "0123456789") &&
		s[9:11] <= "23" && s[11:13] <= "59" && s[13:] <= "60"
}

// isOffset reports whether s is a UTC-OFFSET (RFC 5545, 3.3.14).
func isOffset(s string) bool {
	if len(s) != len("+0000") && len(s) != len("+000000") {
		return false
	}
	digits := s[1:]
	if !only(digits, "0123456789") || digits[:2] > "23" || digits[2:4] > "59" || len(digits) == 6 && digits[4:] > "59" {
		return false
	}
	return s[0] == '+' || s[0] == '-' && strings.Trim(digits, "0") != ""
}

// isDuration reports whether s is a DURATION (RFC 5545, 3.3.6).
func isDuration(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	s, found := strings.CutPrefix(s, "P")
	if !found || s == "" {
		return false
	}
	if weeks, found := strings.CutSuffix(s, "W"); found {
		return weeks != "" && only(weeks, "0123456789")
	}
	days, clock, timed := strings.Cut(s, "T")
	if days != "" && !isUnits(days, "D") {
		return false
	}
	return !timed || clock != "" && isUnits(clock, "HMS")
}

// isUnits reports whether s is a sequence of numbers, each with one of the units, in their order and without a gap.
func isUnits(s, units string) bool {
	for first := true; s != ""; first = false {
		n := 0
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		if n == 0 || n == len(s) {
			return false
		}
		at := strings.IndexByte(units, s[n])
		if at < 0 || at > 0 && !first {
			return false
		}
		units, s = units[at+1:], s[n+1:]
	}
	return true
}

// only reports whether s is made of the given characters alone.
func only(s, characters string) bool { return strings.Trim(s, characters) == "" }

// isName reports whether s is an iana-token or x-name: letters, digits and hyphens (RFC 5545, 3.1).
func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isLetter(c) && !isDigit(c) && c != '-' {
			return false
		}
	}
	return s != ""
}

// atoi reads a number of which only digits are known to be there.
func atoi(digits string) int {
	n := 0
	for i := 0; i < len(digits); i++ {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
