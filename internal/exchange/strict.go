package exchange

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"plenary/internal/agenda"
)

const (
	maxFaults = 100     // that are told of one file
	maxItems  = 200_000 // in one list
)

// bind reads JSON into the objects of this package as their tags say, and is strict where
// encoding/json is not: unknown and repeated names, names in another case, null, bytes that are not
// UTF-8, NUL and lone surrogates (both of which databases refuse) are faults, and so is anything
// after the value. All faults are told, up to maxFaults, with their places.
func bind(data []byte, into any) agenda.Faults {
	var faults agenda.Faults
	if !utf8.Valid(data) {
		faults.Add("", "is not valid UTF-8")
		return faults
	}
	if loneSurrogate(data) {
		faults.Add("", "contains half of a surrogate pair, which is no character")
		return faults
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
			faults.Add("", "is not JSON, in line %d: %s", line, syntax.Error())
		} else {
			faults.Add("", "is not JSON: %s", err.Error())
		}
		return faults
	}
	b := binder{dec: json.NewDecoder(bytes.NewReader(data))}
	b.dec.UseNumber()
	b.value(reflect.ValueOf(into).Elem(), "", b.next())
	return b.faults
}

// binder reads token by token, so that what the objects don't know costs no memory however deep it
// is nested. The input is known to be JSON.
type binder struct {
	dec    *json.Decoder
	faults agenda.Faults
}

func (b *binder) next() json.Token {
	token, err := b.dec.Token()
	if err != nil {
		return nil // impossible: the whole is JSON
	}
	return token
}

func (b *binder) full() bool { return len(b.faults) > maxFaults }

func (b *binder) fault(pointer, format string, args ...any) {
	if len(b.faults) == maxFaults {
		b.faults.Add("", "has more faults than these")
	} else if len(b.faults) < maxFaults {
		b.faults.Add(pointer, format, args...)
	}
}

// wrong notes that the value that begins with token should be something else, and passes over it.
func (b *binder) wrong(pointer, want string, token json.Token) {
	if token == nil {
		want += ", or left out"
	}
	b.fault(pointer, "must be %s", want)
	b.skip(token)
}

// skip passes over the value that begins with token.
func (b *binder) skip(token json.Token) {
	for depth := 0; ; token = b.next() {
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth <= 0 {
			return
		}
	}
}

// value reads into v the value that begins with token.
func (b *binder) value(v reflect.Value, pointer string, token json.Token) {
	if b.full() {
		return
	}
	if text, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if s, isString := token.(string); !isString {
			b.wrong(pointer, "a time", token)
		} else if err := text.UnmarshalText([]byte(s)); err != nil {
			b.fault(pointer, "%s", err.Error())
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		b.value(v.Elem(), pointer, token)
	case reflect.Struct:
		b.object(v, pointer, token)
	case reflect.Map:
		b.table(v, pointer, token)
	case reflect.Slice:
		b.list(v, pointer, token)
	default:
		b.scalar(v, pointer, token)
	}
}

func (b *binder) scalar(v reflect.Value, pointer string, token json.Token) {
	switch v.Kind() {
	case reflect.String:
		if s, ok := token.(string); !ok {
			b.wrong(pointer, "a string", token)
		} else if strings.ContainsRune(s, 0) {
			b.fault(pointer, "contains the control character U+0000")
		} else {
			v.SetString(s)
		}
	case reflect.Bool:
		if yes, ok := token.(bool); ok {
			v.SetBool(yes)
		} else {
			b.wrong(pointer, "true or false", token)
		}
	case reflect.Int:
		// 32 bits, so that the number fits into any column.
		number, ok := token.(json.Number)
		if n, err := strconv.ParseInt(string(number), 10, 32); ok && err == nil {
			v.SetInt(n)
		} else {
			b.wrong(pointer, "a whole number", token)
		}
	case reflect.Float64:
		number, ok := token.(json.Number)
		if x, err := number.Float64(); ok && err == nil {
			v.SetFloat(x)
		} else {
			b.wrong(pointer, "a number", token)
		}
	default:
		panic(fmt.Sprintf("exchange: no rule to read a %s", v.Kind()))
	}
}

func (b *binder) object(v reflect.Value, pointer string, token json.Token) {
	if token != json.Delim('{') {
		b.wrong(pointer, "an object", token)
		return
	}
	seen := map[string]bool{}
	for b.dec.More() && !b.full() {
		name, _ := b.next().(string)
		place := pointer + "/" + escapePointer(name)
		field := fieldNamed(v, name)
		switch {
		case !field.IsValid():
			b.fault(place, "is unknown here")
			b.skip(b.next())
		case seen[name]:
			b.fault(place, "is there a second time")
			b.skip(b.next())
		default:
			seen[name] = true
			b.value(field, place, b.next())
		}
	}
	b.next()
}

// table reads an object whose names are data: languages, identities.
func (b *binder) table(v reflect.Value, pointer string, token json.Token) {
	if token != json.Delim('{') {
		b.wrong(pointer, "an object", token)
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for b.dec.More() && !b.full() {
		name, _ := b.next().(string)
		place, key := pointer+"/"+escapePointer(name), reflect.ValueOf(name)
		switch {
		case strings.ContainsRune(name, 0):
			b.fault(pointer, "has a name with the control character U+0000")
			b.skip(b.next())
		case v.MapIndex(key).IsValid():
			b.fault(place, "is there a second time")
			b.skip(b.next())
		default:
			item := reflect.New(v.Type().Elem()).Elem()
			b.value(item, place, b.next())
			v.SetMapIndex(key, item)
		}
	}
	b.next()
}

func (b *binder) list(v reflect.Value, pointer string, token json.Token) {
	if token != json.Delim('[') {
		b.wrong(pointer, "a list", token)
		return
	}
	for i := 0; b.dec.More() && !b.full(); i++ {
		if i == maxItems {
			b.fault(pointer, "has more than %d items", maxItems)
		}
		if i >= maxItems {
			b.skip(b.next())
			continue
		}
		if v.Len() == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(i + 1)
		b.value(v.Index(i), at(pointer, i), b.next())
	}
	b.next()
}

// fieldNamed gives the field with that JSON name, also of an embedded struct.
func fieldNamed(v reflect.Value, name string) reflect.Value {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			if found := fieldNamed(v.Field(i), name); found.IsValid() {
				return found
			}
			continue
		}
		if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

// loneSurrogate says whether a \u escape writes half of a pair: encoding/json would replace it
// without a word.
func loneSurrogate(data []byte) bool {
	high := false // the escape right before was the first half
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' || i+1 == len(data) {
			if high {
				return true
			}
			continue
		}
		i++
		unit := uint64(0)
		if data[i] == 'u' && i+5 <= len(data) {
			unit, _ = strconv.ParseUint(string(data[i+1:i+5]), 16, 32)
			i += 4
		}
		low := unit >= 0xDC00 && unit < 0xE000
		if low != high {
			return true
		}
		high = unit >= 0xD800 && unit < 0xDC00
	}
	return high
}

func escapePointer(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}
