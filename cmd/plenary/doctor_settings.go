package main

import (
	"bufio"
	"cmp"
	"context"
	"net"
	"net/netip"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/internal/inbox"
	"plenary/internal/server"
	"plenary/internal/telemetry"
)

// built is when the commit was made that the program is of; where that is not known, the year of this file. No clock is right that is before.
func built() time.Time {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return at
	}
	for _, s := range info.Settings {
		if t, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
			at = t
		}
	}
	return at
}

func (d *doctor) checkClock(context.Context) {
	now := d.now().UTC()
	const do = "Set the clock of this machine, and let it be kept right by NTP: codes for signing in and letters depend on it."
	switch since := built(); {
	case now.Before(since):
		d.wrong("clock", do, "the clock says %s, which is before this program was made", now.Format(time.RFC3339))
	case now.Sub(since) > 20*365*24*time.Hour:
		d.wrong("clock", do, "the clock says %s", now.Format(time.RFC3339))
	default:
		d.ok("clock", "the clock says %s", now.Format(time.RFC3339))
	}
}

// zoneFolders are where Go looks for time zones, in its order, before those that are built in.
var zoneFolders = []string{"/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo"}

// zonesAge is how old rules of time zones may be: some country changes its own every year.
const zonesAge = 2

func (d *doctor) checkZones(context.Context) {
	if _, err := time.LoadLocation("Asia/Ho_Chi_Minh"); err != nil {
		d.wrong("time_zones", "Install tzdata.", "time zones are not known: %v", err)
		return
	}
	folders := append([]string{os.Getenv("ZONEINFO")}, zoneFolders...)
	for _, folder := range folders {
		if _, err := os.Stat(folder + "/UTC"); folder == "" || err != nil { // #nosec G703 -- one of a few, or the operator's
			continue
		}
		version := zonesVersion(folder)
		year, _ := strconv.Atoi(version[:min(4, len(version))])
		if year > 0 && d.now().Year()-year > zonesAge {
			d.warning("time_zones", "Update the package tzdata.", "the rules of time zones are those of %s, in %s", version, folder)
			return
		}
		d.ok("time_zones", "the rules of time zones are those of %s, in %s", cmp.Or(version, "an unknown version"), folder)
		return
	}
	d.ok("time_zones", "the rules of time zones are those that %s has built in", runtime.Version())
}

// zonesVersion reads which version of the IANA's data a folder has; "": that is not said.
func zonesVersion(folder string) string {
	f, err := os.Open(folder + "/tzdata.zi") // #nosec G304 G703 -- one of a few, or the operator's
	if err != nil {
		return ""
	}
	defer f.Close()
	line, _ := bufio.NewReaderSize(f, 100).ReadSlice('\n') // "# version 2026a"
	version, _ := strings.CutPrefix(strings.TrimSpace(string(line)), "# version ")
	return version
}

func (d *doctor) checkSettings(context.Context) {
	const do = "Mend it as `plenary --help` and docs/operations.md say."
	c, err := readConfig(d.environ)
	if err == nil {
		_, err = newSender(c)
	}
	if err != nil {
		d.wrong("settings", do, "%v", err)
		return
	}
	d.config = c
	set := 0
	for _, line := range d.environ {
		if name, value, _ := strings.Cut(line, "="); slices.Contains(settings, name) && value != "" {
			set++
		}
	}
	d.ok("settings", "%s set", count(set, "setting"))
	if !c.LimitRates {
		d.warning("settings.limits", "Unset PLENARY_RATE_LIMIT unless something in front limits them.", "nobody is refused who asks too often")
	}
}

// base gives how the program is reached, as far as the settings tell.
func (d *doctor) base() string {
	host, port, err := net.SplitHostPort(d.config.Addr)
	if d.config.BaseURL != "" || err != nil {
		return d.config.BaseURL
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (d *doctor) checkAddress(context.Context) {
	base := d.base()
	switch {
	case d.config.BaseURL == "":
		d.warning("address", "Set PLENARY_BASE_URL to how the world reaches it, such as https://agenda.example.org.", "links and calendars lead to %s, which only this machine reaches", base)
	case !server.KeepsCookies(base):
		d.warning("address", "Put a proxy that speaks TLS in front, and set PLENARY_BASE_URL to its https address.", "%s is without TLS: everybody on the way can read and change what is sent", base)
	default:
		d.ok("address", "the world reaches it at %s", base)
	}
}

func (d *doctor) checkProxies(context.Context) {
	u, err := url.Parse(d.base())
	switch named := d.config.TrustedProxies; {
	case len(named) > 0:
		d.ok("proxies", "%s trusted to say who asks", count(len(named), "network"))
	case err == nil && u.Scheme == "https":
		d.warning("proxies", "Name the addresses that your proxies connect from in PLENARY_TRUSTED_PROXIES.", "no proxy is trusted, but with https there is one: all who come through it share one address and its limits")
	default:
		d.ok("proxies", "no proxy is trusted")
	}
}

func (d *doctor) checkOps(ctx context.Context) {
	if d.config.Ops == "" {
		d.ok("operators", "no address with metrics and profiles (PLENARY_OPS_ADDR)")
		return
	}
	host, _, err := net.SplitHostPort(d.config.Ops)
	var found []netip.Addr
	if err == nil {
		found, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	}
	for _, a := range found {
		if err == nil {
			err = telemetry.CheckPrivate(a)
		}
	}
	if err != nil {
		d.wrong("operators", "Set PLENARY_OPS_ADDR to a private address of this machine.", "%v", err)
		return
	}
	d.ok("operators", "metrics and profiles are at %s", d.config.Ops)
}

func (d *doctor) checkMail(ctx context.Context) {
	s, err := newSender(d.config)
	if err != nil || s == nil {
		d.warning("mail", "Set PLENARY_SMTP_URL and PLENARY_MAIL_FROM.", "no mail server is set: no letters are sent, such as links to choose a new password")
		return
	}
	if err := s.Reach(ctx); err != nil {
		d.wrong("mail", "See docs/guides/mail.md; try again with `plenary mail test`.", "%s is of no use: %s", s.Server(), causeOf(err))
		return
	}
	d.ok("mail", "%s takes letters from %s", s.Server(), d.config.Mail.From)
}

// inboxAge is how long letters may lie in the Maildir that the server looks at every few seconds.
const inboxAge = 10 * time.Minute

func (d *doctor) checkInbox(context.Context) {
	if d.config.Inbox == "" {
		d.ok("answers", "no Maildir with answers of calendars (PLENARY_MAIL_INBOX)")
		return
	}
	n, oldest, err := inbox.Waiting(d.config.Inbox)
	switch {
	case err != nil:
		d.wrong("answers", "Give this user the right to read and write it, or mend PLENARY_MAIL_INBOX.", "%v", err)
	case n > 0 && d.now().Sub(oldest) > inboxAge:
		d.warning("answers", "See whether `plenary serve` runs, and what its log says.", "%s in %s, the oldest for %s", wait(n, "letter"), d.config.Inbox, ago(d.now().Sub(oldest)))
	default:
		d.ok("answers", "%s in %s", wait(n, "letter"), d.config.Inbox)
	}
}

// wait says that so many of a thing wait.
func wait(n int, thing string) string {
	if n == 1 {
		return "1 " + thing + " waits"
	}
	return count(n, thing) + " wait"
}

func (d *doctor) checkSingleSignOn(ctx context.Context) {
	p, err := d.config.SingleSignOn.provider(d.base())
	if err == nil && p == nil {
		d.ok("single_sign_on", "none (PLENARY_OIDC_ISSUER)")
		return
	}
	if err == nil {
		err = p.Reach(ctx)
	}
	if err != nil {
		d.wrong("single_sign_on", "Mend PLENARY_OIDC_ISSUER, or the way to it; people sign in with passwords and passkeys meanwhile.", "%s is of no use: %s", d.config.SingleSignOn.Issuer, causeOf(err))
		return
	}
	d.ok("single_sign_on", "%s says what it is", d.config.SingleSignOn.Issuer)
}
