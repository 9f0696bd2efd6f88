package ical

// kind is how the value of a property is written and checked (RFC 5545, 3.3).
type kind uint8

const (
	kindText      kind = iota // TEXT, cleaned and escaped
	kindToken                 // one word, such as the values of STATUS or METHOD
	kindURI                   // URI, percent-encoded where it must be
	kindAddress               // CAL-ADDRESS
	kindTime                  // DATE-TIME, or DATE with VALUE=DATE; a list in EXDATE and RDATE
	kindUTC                   // DATE-TIME that has to be in UTC
	kindDuration              // DURATION
	kindInteger               // INTEGER, not negative
	kindGeo                   // two FLOATs
	kindRule                  // RECUR
	kindOffset                // UTC-OFFSET
	kindPeriod                // PERIOD
	kindBinary                // BINARY in base64
	kindPrintable             // other structured values: printable ASCII, written as they are
)

// valueTypes are the kinds that a VALUE parameter can ask for (RFC 5545, 3.2.20).
var valueTypes = map[string]kind{
	"TEXT": kindText, "URI": kindURI, "CAL-ADDRESS": kindAddress, "DATE": kindTime, "DATE-TIME": kindTime,
	"DURATION": kindDuration, "INTEGER": kindInteger, "FLOAT": kindPrintable, "BOOLEAN": kindPrintable,
	"TIME": kindPrintable, "RECUR": kindRule, "UTC-OFFSET": kindOffset, "PERIOD": kindPeriod, "BINARY": kindBinary,
}

// property is what the encoder knows about a property by its name.
type property struct {
	kind kind
	// value is the VALUE parameter that the property cannot do without, although its type has only one meaning.
	value string
	// once marks properties that no component may have twice. It holds one bit of its own per property, so that
	// a component's bits tell which of them it has.
	once uint64
}

// properties holds what RFC 5545, RFC 7986 and the X- properties in use say of each name. A name that is not here is
// TEXT unless it has a VALUE parameter, which is what RFC 5545, 3.8.8 makes of unknown names.
var properties = map[string]property{
	"ACTION":           {kind: kindToken, once: hasAction},
	"ATTACH":           {kind: kindURI},
	"ATTENDEE":         {kind: kindAddress},
	"CALSCALE":         {kind: kindToken, once: 1 << 32},
	"CATEGORIES":       {kind: kindText},
	"CLASS":            {kind: kindToken, once: 1 << 33},
	"COLOR":            {kind: kindToken, once: 1 << 34},
	"COMPLETED":        {kind: kindUTC, once: 1 << 35},
	"CONFERENCE":       {kind: kindURI, value: "URI"},
	"CREATED":          {kind: kindUTC, once: 1 << 36},
	"DESCRIPTION":      {kind: kindText, once: 1 << 58},
	"DTEND":            {kind: kindTime, once: hasEnd},
	"DTSTAMP":          {kind: kindUTC, once: hasStamp},
	"DTSTART":          {kind: kindTime, once: hasStart},
	"DUE":              {kind: kindTime, once: 1 << 37},
	"DURATION":         {kind: kindDuration, once: hasDuration},
	"EXDATE":           {kind: kindTime},
	"EXRULE":           {kind: kindRule},
	"FREEBUSY":         {kind: kindPeriod},
	"GEO":              {kind: kindGeo, once: 1 << 38},
	"IMAGE":            {kind: kindURI, value: "URI"},
	"LAST-MODIFIED":    {kind: kindUTC, once: 1 << 39},
	"LOCATION":         {kind: kindText, once: 1 << 40},
	"METHOD":           {kind: kindToken, once: hasMethod},
	"ORGANIZER":        {kind: kindAddress, once: 1 << 41},
	"PERCENT-COMPLETE": {kind: kindInteger, once: 1 << 42},
	"PRIORITY":         {kind: kindInteger, once: 1 << 43},
	"PRODID":           {kind: kindText, once: hasProduct},
	"RDATE":            {kind: kindTime},
	"RECURRENCE-ID":    {kind: kindTime, once: hasRecurrence},
	"REFRESH-INTERVAL": {kind: kindDuration, value: "DURATION", once: 1 << 44},
	"REPEAT":           {kind: kindInteger, once: 1 << 45},
	"REQUEST-STATUS":   {kind: kindPrintable},
	"RRULE":            {kind: kindRule, once: 1 << 46},
	"SEQUENCE":         {kind: kindInteger, once: 1 << 47},
	"SOURCE":           {kind: kindURI, value: "URI", once: 1 << 48},
	"STATUS":           {kind: kindToken, once: 1 << 49},
	"SUMMARY":          {kind: kindText, once: 1 << 50},
	"TRANSP":           {kind: kindToken, once: 1 << 51},
	"TRIGGER":          {kind: kindDuration, once: hasTrigger},
	"TZID":             {kind: kindText, once: hasZone},
	"TZOFFSETFROM":     {kind: kindOffset, once: hasOffsetFrom},
	"TZOFFSETTO":       {kind: kindOffset, once: hasOffsetTo},
	"TZURL":            {kind: kindURI, once: 1 << 52},
	"UID":              {kind: kindText, once: hasUID},
	"URL":              {kind: kindURI, once: 1 << 53},
	"VERSION":          {kind: kindText, once: hasVersion},
	"X-PUBLISHED-TTL":  {kind: kindDuration, once: 1 << 54},
	"X-WR-CALDESC":     {kind: kindText, once: 1 << 55},
	"X-WR-CALNAME":     {kind: kindText, once: 1 << 56},
	"X-WR-TIMEZONE":    {kind: kindText, once: 1 << 57},
}

// The bits of properties that the rules of a component ask for by name.
const (
	hasUID uint64 = 1 << iota
	hasStamp
	hasStart
	hasEnd
	hasDuration
	hasRecurrence
	hasMethod
	hasVersion
	hasProduct
	hasZone
	hasOffsetFrom
	hasOffsetTo
	hasAction
	hasTrigger
)

// propertyOf gives what is known about the property of that upper-case name in that component. A calendar may have a
// DESCRIPTION per language, a VJOURNAL several of them (RFC 7986, 5.2; RFC 5545, 3.6.3).
func propertyOf(name, component string) property {
	p, known := properties[name]
	if !known {
		return property{kind: kindText}
	}
	if name == "DESCRIPTION" && component != "VEVENT" {
		p.once = 0
	}
	return p
}
