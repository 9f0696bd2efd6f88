package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

// Sizes of a page, in items.
const (
	defaultLimit = 50
	largestLimit = 200
)

// Page says which part of a list is wanted.
type Page struct {
	Limit int    // items; 0 means 50, and no page has more than 200
	After string // the cursor that came with the page before; "" for the first page
}

// limit gives how many items the page has at most.
func (p Page) limit() (int, error) {
	switch {
	case p.Limit < 0:
		return 0, agenda.Errorf(agenda.Invalid, "A page can't have %d items.", p.Limit)
	case p.Limit == 0:
		return defaultLimit, nil
	}
	return min(p.Limit, largestLimit), nil
}

// PageOf gives one page of a list that is computed and not stored, and the cursor of the next one, as lists of rows have them. The
// list is sorted by these texts of its items, of which the last is unique.
func PageOf[T any](list []T, name, scope string, page Page, texts ...func(T) string) (part []T, next string, err error) {
	o, label := order[T]{name: name}, name+" "+scope
	for _, text := range texts {
		o.keys = append(o.keys, key[T]{text: text})
	}
	limit, err := page.limit()
	if err != nil {
		return nil, "", err
	}
	if page.After != "" {
		values, err := o.parse(label, page.After)
		if err != nil {
			return nil, "", err
		}
		list = slices.DeleteFunc(slices.Clone(list), func(item T) bool {
			for i, text := range texts {
				if order := strings.Compare(text(item), values[i].(string)); order != 0 {
					return order < 0
				}
			}
			return true
		})
	}
	if len(list) <= limit {
		return list, "", nil
	}
	return list[:limit], o.cursor(label, list[limit-1]), nil
}

// key is one thing that a list is sorted by: an SQL expression that is never NULL, and how to get its value of a row.
type key[R any] struct {
	expr string
	desc bool
	text func(R) string // either this
	num  func(R) int64  // or this
}

// order is what a list is sorted by. The last key is unique, so that the order is total and a cursor means one place
// in it, however many rows come and go.
type order[R any] struct {
	name string // of the list and its order, so that a cursor of another one is told apart
	keys []key[R]
}

// by gives the ORDER BY.
func (o order[R]) by() string {
	terms := make([]string, len(o.keys))
	for i, k := range o.keys {
		terms[i] = k.expr
		if k.desc {
			terms[i] += " DESC"
		}
	}
	return strings.Join(terms, ", ")
}

// paged gives one page of the rows of q, and the cursor of the next one. Scope tells apart lists of the same name,
// such as those of two events.
func paged[R any](q *gorm.DB, o order[R], scope string, page Page) (rows []R, next string, err error) {
	limit, err := page.limit()
	if err != nil {
		return nil, "", err
	}
	label := o.name + " " + scope
	if page.After != "" {
		values, err := o.parse(label, page.After)
		if err != nil {
			return nil, "", err
		}
		where, args := o.after(values)
		q = q.Where(where, args...)
	}
	if err := q.Order(o.by()).Limit(limit + 1).Find(&rows).Error; err != nil {
		return nil, "", fault("list "+o.name, err, wording{})
	}
	if len(rows) <= limit {
		return rows, "", nil
	}
	rows = rows[:limit]
	return rows, o.cursor(label, rows[limit-1]), nil
}

// after gives the condition for what comes after the row with these values of the keys.
func (o order[R]) after(values []any) (where string, args []any) {
	var either []string
	for i, k := range o.keys {
		var all []string
		for j := range i {
			all = append(all, o.keys[j].expr+" = ?")
			args = append(args, values[j])
		}
		sign := " > ?"
		if k.desc {
			sign = " < ?"
		}
		either = append(either, strings.Join(append(all, k.expr+sign), " AND "))
		args = append(args, values[i])
	}
	return "((" + strings.Join(either, ") OR (") + "))", args
}

// cursor makes the cursor of what comes after the row: the values of its keys and, because people shorten what they
// copy, a checksum. It keeps no secret and grants nothing.
func (o order[R]) cursor(label string, row R) string {
	values := make([]any, len(o.keys))
	for i, k := range o.keys {
		if k.text != nil {
			values[i] = k.text(row)
		} else {
			values[i] = k.num(row)
		}
	}
	body := encodeJSON(values)
	return base64.RawURLEncoding.EncodeToString(append(checksum(label, body), body...))
}

// parse gives the values of the keys from a cursor of the same list.
func (o order[R]) parse(label, cursor string) ([]any, error) {
	bad := agenda.Errorf(agenda.Invalid, "This is not a cursor of this list: take the one that came with the page before.")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < checksumSize {
		return nil, bad
	}
	body := raw[checksumSize:]
	if !bytes.Equal(raw[:checksumSize], checksum(label, body)) {
		return nil, bad
	}
	var parts []json.RawMessage
	if json.Unmarshal(body, &parts) != nil || len(parts) != len(o.keys) {
		return nil, bad
	}
	values := make([]any, len(parts))
	for i, k := range o.keys {
		if k.num != nil {
			var n int64
			err = json.Unmarshal(parts[i], &n)
			values[i] = n
		} else {
			var s string
			err = json.Unmarshal(parts[i], &s)
			values[i] = s
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				return nil, bad
			}
		}
		if err != nil {
			return nil, bad
		}
	}
	return values, nil
}

const checksumSize = 6

func checksum(label string, body []byte) []byte {
	sum := sha256.Sum256(slices.Concat([]byte(label), []byte{0}, body))
	return sum[:checksumSize]
}
