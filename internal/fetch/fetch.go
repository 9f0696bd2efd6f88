// Package fetch asks for a file at an address that somebody typed, and refuses what is not public.
//
// A server that fetches what it is told to can be made to look around in the network that it stands in. So an address is
// judged where it can't be changed any more, when the connection is made: names that lead to a private address, or do so
// the second time that they are looked up, lead nowhere, and nor do redirects.
package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"plenary/internal/agenda"
)

// What holds where [Options] don't say otherwise, and limits that always hold.
const (
	DefaultMax     = 64 << 20 // bytes
	DefaultTimeout = 60 * time.Second
	MaxRedirects   = 5
)

// accept asks for the formats that are read, but takes anything: servers seldom know what they have.
const accept = "application/xml, application/json, text/csv, text/calendar, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.8"

// Options say what may be fetched.
type Options struct {
	// Max is the largest file in bytes, after it is unpacked; 0: DefaultMax.
	Max int64
	// Timeout is how long it may take in all; 0: DefaultTimeout.
	Timeout time.Duration
	// Allow are addresses that are asked though they are not public: those of one's own network.
	Allow []netip.Prefix
	own   bool // only those
}

// errPrivate is why a connection is not made.
var errPrivate = errors.New("it leads to a private address")

// refusal is an error of the address that was typed, or of one that it was redirected to.
type refusal string

func (r refusal) Error() string { return string(r) }

// Fetch gives the file at the address, which is of http or https, and the address that it came from in the end. The error
// is Invalid where the address can't be fetched from, and Unavailable where the other side fails; neither says what there
// is behind a name.
func Fetch(ctx context.Context, o Options, address string) (body []byte, from string, err error) {
	if o.Max <= 0 {
		o.Max = DefaultMax
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	u, err := parse(address)
	if err != nil {
		return nil, "", err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, "", invalid("%s can't be asked for.", quoted(address))
	}
	request.Header.Set("Accept", accept)
	request.Header.Set("User-Agent", "Plenary")
	client := o.client()
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return nil, "", o.explain(ctx, u, err)
	}
	defer response.Body.Close()
	if err := check(response, o.Max); err != nil {
		return nil, "", err
	}
	body, err = io.ReadAll(io.LimitReader(response.Body, o.Max+1))
	if err != nil {
		return nil, "", o.explain(ctx, u, err)
	}
	if int64(len(body)) > o.Max {
		return nil, "", tooLarge(response.Request.URL, o.Max)
	}
	return body, response.Request.URL.String(), nil
}

// parse reads an address as somebody types it, without the fragment, which servers never see.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || len(address) > agenda.MaxURL {
		return nil, invalid("%s is not a web address, such as https://example.org/schedule.xml.", quoted(address))
	}
	u.Fragment, u.RawFragment = "", ""
	if err := allowed(u); err != nil {
		return nil, invalid("%s can't be asked for: %s.", quoted(u.Redacted()), err.Error())
	}
	return u, nil
}

// allowed says why an address is not asked whatever it leads to.
func allowed(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return refusal("a web address begins with https:// or http://")
	case u.Hostname() == "":
		return refusal("it names no server")
	case u.User != nil:
		return refusal("it has a user name or a password in it")
	}
	return nil
}

// client gives a client that makes no connection to what is not public. It keeps no cookies, no connections, and no
// proxy that its surroundings name: that would make the connections in its stead.
func (o Options) client() *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: o.control}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  30 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives:      true,
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: redirect,
	}
}

// control judges the address of a connection that is about to be made: what a name led to, at this moment.
func (o Options) control(network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return errPrivate
	}
	switch {
	case o.mayAsk(to.Addr()):
		return nil
	case o.isPlain(to.Addr()):
		return errPlain
	}
	return errPrivate
}

// redirect judges where the other side sends us to.
func redirect(next *http.Request, via []*http.Request) error {
	next.Header.Del("Referer") // an address may be a secret between us and who gave it
	if len(via) > MaxRedirects {
		return refusal(fmt.Sprintf("it is redirected more than %d times", MaxRedirects))
	}
	if via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme == "http" {
		return refusal("it is redirected from https to http, where anybody could change the file")
	}
	if err := allowed(next.URL); err != nil {
		return refusal("it is redirected to an address that can't be: " + err.Error())
	}
	return nil
}

// check says why the answer is not the file.
func check(r *http.Response, most int64) error {
	if r.StatusCode != http.StatusOK {
		status := fmt.Sprintf("%d", r.StatusCode)
		if text := http.StatusText(r.StatusCode); text != "" {
			status += " " + text
		}
		code := agenda.Unavailable
		if r.StatusCode/100 == 4 && r.StatusCode != http.StatusRequestTimeout && r.StatusCode != http.StatusTooManyRequests {
			code = agenda.Invalid // it will be the same the next time
		}
		return agenda.Errorf(code, "%s answered %s instead of a file.", quoted(r.Request.URL.Host), status)
	}
	if packed := r.Header.Get("Content-Encoding"); packed != "" && !strings.EqualFold(packed, "identity") {
		return agenda.Errorf(agenda.Unavailable, "%s sends the file packed as %s, which was not asked for.", quoted(r.Request.URL.Host), quoted(packed))
	}
	if r.ContentLength > most {
		return tooLarge(r.Request.URL, most)
	}
	return nil
}

// explain turns the failure of a connection into a sentence. What the failure says itself is for the log, and where it
// could tell of the network that we stand in, for nobody.
func (o Options) explain(ctx context.Context, u *url.URL, err error) error {
	host := quoted(u.Host)
	var failed *url.Error
	if errors.As(err, &failed) {
		if at, bad := url.Parse(failed.URL); bad == nil && at.Host != "" {
			host = quoted(at.Host)
		}
		err = failed.Err
	}
	var refused refusal
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &refused):
		return invalid("The address can't be fetched: %s.", refused.Error())
	case errors.Is(err, errPrivate):
		// The name that was typed, also where a redirect led there: what it leads to is not told.
		return of(agenda.HostPrivate, invalid("%s leads to a private address, which is not asked.", quoted(u.Host)))
	case errors.Is(err, errPlain):
		return of(agenda.HostPlain, plainRefused(u))
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return of(agenda.HostSlow, unavailable(nil, "%s took longer than %g seconds.", host, o.Timeout.Seconds()))
	case ctx.Err() != nil:
		return of(agenda.HostLeft, unavailable(nil, "%s was not waited for.", host))
	case errors.As(err, &name) && name.IsNotFound:
		return of(agenda.HostUnknown, invalid("%s is no server that can be found.", host))
	case errors.As(err, &certificate):
		return of(agenda.HostDistrusted, unavailable(err, "%s has no certificate that can be trusted.", host))
	case errors.As(err, &name):
		return of(agenda.HostUnresolved, unavailable(err, "%s can't be looked up at present.", host))
	case isTimeout(err):
		return of(agenda.HostSilent, unavailable(err, "%s does not answer.", host))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return of(agenda.HostBroke, unavailable(err, "%s broke off in the middle of the file.", host))
	case errors.Is(err, syscall.ECONNREFUSED):
		return of(agenda.HostClosed, unavailable(err, "%s takes no connections.", host))
	}
	return of(agenda.HostUnreachable, unavailable(err, "%s can't be reached, or does not speak HTTP.", host))
}

// of says which Mishap the error is of.
func of(m agenda.Mishap, err error) error {
	var e *agenda.Error
	if errors.As(err, &e) {
		e.Mishap = m
	}
	return err
}

func isTimeout(err error) bool {
	var slow net.Error
	return errors.As(err, &slow) && slow.Timeout()
}

func invalid(format string, args ...any) error {
	return agenda.Errorf(agenda.Invalid, "%s", fmt.Sprintf(format, args...))
}

func unavailable(cause error, format string, args ...any) error {
	return &agenda.Error{Code: agenda.Unavailable, Message: fmt.Sprintf(format, args...), Err: cause}
}

func tooLarge(u *url.URL, most int64) error {
	size := fmt.Sprintf("%d bytes", most)
	if most >= 1<<20 {
		size = fmt.Sprintf("%d MiB", most>>20)
	}
	return invalid("The file at %s is larger than %s.", quoted(u.Host), size)
}

// quoted is how messages quote what somebody typed, or another server said.
func quoted(s string) string {
	runes := []rune(strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "\uFFFD"))
	if len(runes) > 100 {
		runes = append(runes[:100:100], '…')
	}
	return fmt.Sprintf("%q", string(runes))
}
