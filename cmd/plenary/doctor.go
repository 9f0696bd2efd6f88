package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// grade says how it is with what was looked at.
type grade string

const (
	gradeOK      grade = "ok"
	gradeWarning grade = "warning" // it works, and may not for long, or not for everybody
	gradeWrong   grade = "wrong"   // it does not work
)

// finding is what was found of one thing. The names of the checks and the grades stay: programs read them.
type finding struct {
	Check string `json:"check"`
	Grade grade  `json:"grade"`
	Says  string `json:"says"`
	Do    string `json:"do,omitempty"` // what to do about it
}

// errWrong is that something is wrong. It has been said.
var errWrong = errors.New("something is wrong; see above")

// doctorWish is what the flags say.
type doctorWish struct {
	backups          string
	asJSON, thorough bool
}

func doctorCommand(w world) *cobra.Command {
	var wish doctorWish
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether all is as it should be, and say what to do",
		Long: `Doctor reads the configuration as serve does, and looks at everything that it names: the database
and its disk, the clock, the address, proxies, the mail server, the single sign-on, the Maildir,
what waits to be sent. It prints a line for each, with ok, warning or wrong, and what to do.

It changes nothing and sends nothing, so it may run beside a server, and on a database that is
damaged or of another Plenary. Run it as the user and with the settings that serve has.

Its status is 1 when something is wrong, else 0.`,
		Example: `  plenary doctor
  plenary doctor --backups /backups --json | jq '.findings[] | select(.grade != "ok")'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := newDoctor(w)
			d.examine(cmd.Context(), wish)
			if err := d.print(w.Out, wish.asJSON); err != nil {
				return err
			}
			if d.worst() == gradeWrong {
				return errWrong
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&wish.backups, "backups", "", "folder with the files of `plenary backup`, to see how old the newest is")
	cmd.Flags().BoolVar(&wish.asJSON, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&wish.thorough, "thorough", false, "compare indexes with tables, too, and follow every reference; takes longer")
	return cmd
}

// doctor looks at an installation.
type doctor struct {
	environ  []string
	now      func() time.Time
	config   config
	findings []finding
}

func newDoctor(w world) *doctor { return &doctor{environ: w.Environ, now: time.Now} }

// patience is how long one check may take; that of the database may take longer, since it reads all of it.
const (
	checkPatience    = 15 * time.Second
	databasePatience = 30 * time.Minute
)

// examine makes all checks. What can't be told without the settings is left out when these are wrong.
func (d *doctor) examine(ctx context.Context, wish doctorWish) {
	d.check(ctx, "clock", checkPatience, d.checkClock)
	d.check(ctx, "time_zones", checkPatience, d.checkZones)
	d.check(ctx, "settings", checkPatience, d.checkSettings)
	if d.worstOf("settings") != gradeWrong {
		d.check(ctx, "address", checkPatience, d.checkAddress)
		d.check(ctx, "proxies", checkPatience, d.checkProxies)
		d.check(ctx, "operators", checkPatience, d.checkOps)
		d.check(ctx, "mail", checkPatience, d.checkMail)
		d.check(ctx, "answers", checkPatience, d.checkInbox)
		d.check(ctx, "single_sign_on", checkPatience, d.checkSingleSignOn)
		d.check(ctx, "database", databasePatience, func(ctx context.Context) { d.checkDatabase(ctx, wish.thorough) })
	}
	if wish.backups != "" {
		d.check(ctx, "backups", checkPatience, func(context.Context) { d.checkBackups(wish.backups) })
	}
}

// check makes one check. One that panics is wrong, and the next ones are made all the same.
func (d *doctor) check(ctx context.Context, name string, patience time.Duration, look func(context.Context)) {
	defer func() {
		if r := recover(); r != nil {
			d.wrong(name, "Tell us of this.", "the check itself broke: %v", r)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	look(ctx)
}

func (d *doctor) ok(check, format string, args ...any) { d.find(check, gradeOK, "", format, args...) }

func (d *doctor) warning(check, do, format string, args ...any) {
	d.find(check, gradeWarning, do, format, args...)
}

func (d *doctor) wrong(check, do, format string, args ...any) {
	d.find(check, gradeWrong, do, format, args...)
}

// find notes what was found, in one line and without secrets.
func (d *doctor) find(check string, g grade, do, format string, args ...any) {
	says := secretValues.ReplaceAllString(fmt.Sprintf(format, args...), "${1}[redacted]")
	says = strings.TrimRight(strings.Join(strings.Fields(says), " "), ".")
	d.findings = append(d.findings, finding{check, g, says, do})
}

func (d *doctor) worst() grade { return d.worstOf("") }

// worstOf gives the worst grade of the findings whose check begins so.
func (d *doctor) worstOf(prefix string) grade {
	severity := map[grade]int{gradeOK: 0, gradeWarning: 1, gradeWrong: 2}
	worst := gradeOK
	for _, f := range d.findings {
		if strings.HasPrefix(f.Check, prefix) && cmp.Less(severity[worst], severity[f.Grade]) {
			worst = f.Grade
		}
	}
	return worst
}

func (d *doctor) print(out io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(struct {
			Grade    grade     `json:"grade"`
			Version  string    `json:"version"`
			Findings []finding `json:"findings"`
		}{d.worst(), version(), d.findings})
	}
	for _, f := range d.findings {
		line := fmt.Sprintf("%-8s %-22s %s.", f.Grade, f.Check, f.Says)
		if f.Do != "" {
			line += " " + f.Do
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

// ago says how long something took or is past, in the unit that fits.
func ago(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return count(int(d.Seconds()), "second")
	case d < 2*time.Hour:
		return count(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return count(int(d.Hours()), "hour")
	}
	return count(int(d.Hours()/24), "day")
}

// mebibytes says how much that is.
func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }
