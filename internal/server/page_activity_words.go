package server

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"plenary/internal/agenda"
)

// The sentences of package app that end with a name. Others have it in quotes.
var (
	quotedName = regexp.MustCompile(`(?s)"(?:[^"\\]|\\.)*"`)
	tailName   = regexp.MustCompile(`(?s)^(?:made a personal link of|revoked a personal link of|mailed a personal link to|made a code for|vouched for the address of) (.+)$`)
	personName = regexp.MustCompile(`(?s)^(?:added|edited|removed|imported a change of) (.+)$`)
	releaseNo  = regexp.MustCompile(`^published release (\d+)$`)
)

// namedIn gives the name in the summary of what something was done to, "" when there is none.
func namedIn(a agenda.Activity) string {
	endings := []*regexp.Regexp{tailName, releaseNo}
	if strings.HasPrefix(a.Verb, "person.") && a.Summary != "edited what is known of them" {
		endings = append(endings, personName)
	}
	for _, pattern := range endings {
		if found := pattern.FindStringSubmatch(a.Summary); found != nil {
			return found[1]
		}
	}
	name, err := strconv.Unquote(quotedName.FindString(a.Summary))
	if err != nil {
		return ""
	}
	return name
}

// changesOf gives the fields that an entry tells of, by name.
func changesOf(a agenda.Activity, known map[agenda.ID]string) []activityChange {
	names := slices.Collect(maps.Keys(a.Before))
	names = slices.AppendSeq(names, maps.Keys(a.After))
	slices.Sort(names)
	var changes []activityChange
	for _, name := range slices.Compact(names) {
		changes = append(changes, activityChange{name, readable(a.Before[name], known), readable(a.After[name], known)})
	}
	return changes
}

// readable gives a JSON value as people read it, with the names of what it refers to.
func readable(value string, known map[agenda.ID]string) string {
	var v any
	if value == "" || json.Unmarshal([]byte(value), &v) != nil || v == nil {
		return "–"
	}
	return readableValue(v, known, 0)
}

func readableValue(v any, known map[agenda.ID]string, depth int) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case string:
		if name := known[agenda.ID(v)]; name != "" {
			return name
		}
		return v
	case bool:
		return map[bool]string{true: "✓", false: "–"}[v]
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = readableValue(one, known, depth+1)
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, name+": "+readableValue(v[name], known, depth+1))
		}
		if depth > 0 {
			return "(" + strings.Join(parts, "; ") + ")"
		}
		return strings.Join(parts, " · ")
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}
