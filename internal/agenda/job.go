package agenda

import "time"

// JobKind says what is to be done.
type JobKind string

// The kinds of jobs.
const (
	LettersJob JobKind = "letters" // make the letters about the Release that it is about
	MailJob    JobKind = "mail"    // send the Mail that it is about
	WebhookJob JobKind = "webhook" // deliver what it is about to a Webhook
	NoticeJob  JobKind = "notice"  // write to the Account that it is about which Webhooks of the Event were stopped
)

// Job is something that is to be done outside of a transaction: a row of the outbox. It commits with the change that asks
// for it, and is gone when it is done.
type Job struct {
	ID      ID
	EventID ID // "": of the installation
	Kind    JobKind
	About   ID
	Key     string    // of Jobs that wait, one at most has it; "": any number
	Due     time.Time // not before
	Tries   int       // how often it was begun
	Lease   string    // names who works on it
	Dead    *time.Time
	Fault   string // why it failed the last time
	Created time.Time
}

// JobKinds lists them.
var JobKinds = []JobKind{LettersJob, MailJob, WebhookJob, NoticeJob}

// MaxTries is how often a Job is begun before it is given up.
const MaxTries = 12

// RetryDelay gives how long a Job waits after it failed for the nth time: half a minute at first, then twice as long each
// time, six hours at most. With [MaxTries] that is about a day and a half.
func RetryDelay(n int) time.Duration {
	const first, most = 30 * time.Second, 6 * time.Hour
	if n < 1 {
		n = 1
	}
	if n > 10 {
		return most
	}
	return min(first<<(n-1), most)
}
