package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"plenary/internal/mail"
	"plenary/internal/telemetry"
)

// config is what the environment says.
type config struct {
	Addr      string
	Database  string
	BaseURL   string
	LogFormat string
	LogLevel  slog.Level
	Mail      mail.Config
	Answers   string // the mailbox that takes answers to invitations
	Inbox     string // the Maildir in which these are; "": serve does not look

	TrustedProxies []netip.Prefix
	EmbedOrigins   []string
	LimitRates     bool

	SingleSignOn singleSignOn

	Ops    string // where operators look at the program; "": nowhere
	Traces bool   // OpenTelemetry's own variables say where traces go

	noTraces bool // and say that they don't
}

// settings lists the names that the environment may set, for the message about one that it may not.
var settings = []string{"PLENARY_ADDR", "PLENARY_BASE_URL", "PLENARY_DATABASE", "PLENARY_EMBED_ORIGINS", "PLENARY_LOG_FORMAT",
	"PLENARY_LOG_LEVEL", "PLENARY_MAIL_ANSWERS", "PLENARY_MAIL_FROM", "PLENARY_MAIL_INBOX", "PLENARY_MAIL_REPLY_TO", "PLENARY_OIDC_CLIENT_ID",
	"PLENARY_OIDC_CLIENT_SECRET", "PLENARY_OIDC_GROUPS_CLAIM", "PLENARY_OIDC_ISSUER", "PLENARY_OIDC_ROLES", "PLENARY_OPS_ADDR", "PLENARY_RATE_LIMIT", "PLENARY_SMTP_PASSWORD", "PLENARY_SMTP_URL",
	"PLENARY_TRUSTED_PROXIES"}

// readConfig reads the environment. A misspelt name would be a setting that silently has no effect,
// so an unknown one is an error.
func readConfig(environ []string) (config, error) {
	c := config{Addr: "127.0.0.1:8080", Database: "plenary.db", LogFormat: "text", LimitRates: true}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		if err := c.readTraces(name, value); err != nil {
			return c, err
		}
		if !strings.HasPrefix(name, "PLENARY_") {
			continue
		}
		if !slices.Contains(settings, name) {
			return c, fmt.Errorf("%s is not a setting; the settings are %s", name, strings.Join(settings, ", "))
		}
		if value == "" {
			continue
		}
		c.SingleSignOn.set(name, value)
		switch name {
		case "PLENARY_ADDR":
			c.Addr = value
		case "PLENARY_DATABASE":
			c.Database = value
		case "PLENARY_BASE_URL":
			c.BaseURL = strings.TrimRight(value, "/")
		case "PLENARY_MAIL_ANSWERS":
			c.Answers = value
		case "PLENARY_MAIL_FROM":
			c.Mail.From = value
		case "PLENARY_MAIL_INBOX":
			c.Inbox = value
		case "PLENARY_MAIL_REPLY_TO":
			c.Mail.ReplyTo = value
		case "PLENARY_SMTP_PASSWORD":
			c.Mail.Password = value
		case "PLENARY_SMTP_URL":
			c.Mail.URL = value
		case "PLENARY_LOG_FORMAT":
			c.LogFormat = value
		case "PLENARY_LOG_LEVEL":
			if err := c.LogLevel.UnmarshalText([]byte(value)); err != nil {
				return c, fmt.Errorf("PLENARY_LOG_LEVEL is %q, but must be debug, info, warn or error", value)
			}
		default:
			if err := c.readShell(name, value); err != nil {
				return c, err
			}
		}
	}
	c.Traces = c.Traces && !c.noTraces
	return c, c.check()
}

func (c config) check() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return fmt.Errorf("PLENARY_ADDR is %q, but must be a host and a port, such as 127.0.0.1:8080", c.Addr)
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		return fmt.Errorf("PLENARY_LOG_FORMAT is %q, but must be text or json", c.LogFormat)
	}
	if c.Answers != "" && !mail.Plain(c.Answers) {
		return fmt.Errorf("PLENARY_MAIL_ANSWERS is %q, but must be an address such as meet@forum.example, without a name and of at most 31 characters before the @", c.Answers)
	}
	if c.Inbox != "" && c.Answers == "" {
		return fmt.Errorf("PLENARY_MAIL_INBOX is set, but PLENARY_MAIL_ANSWERS is not: nobody knows where to answer")
	}
	if err := c.SingleSignOn.check(); err != nil {
		return err
	}
	if c.BaseURL == "" {
		return nil
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("PLENARY_BASE_URL is %q, but must be an address such as https://agenda.example.org", c.BaseURL)
	}
	return nil
}

// baseURL is how the server on that address is reached when nothing else is configured.
func baseURL(c config, listening net.Addr) string {
	if c.BaseURL != "" {
		return c.BaseURL
	}
	host, port, err := net.SplitHostPort(listening.String())
	if err != nil {
		return "http://" + listening.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	// A name that was asked for is kept: passkeys belong to names, not to numbers.
	if name, _, err := net.SplitHostPort(c.Addr); err == nil && name != "" && net.ParseIP(name) == nil {
		host = name
	}
	return "http://" + net.JoinHostPort(host, port)
}

// newLogger writes to out in the configured format, without secrets.
func newLogger(out io.Writer, c config) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.LogLevel, ReplaceAttr: redact}
	var h slog.Handler = slog.NewTextHandler(out, o)
	if c.LogFormat == "json" {
		h = slog.NewJSONHandler(out, o)
	}
	if c.Traces {
		h = telemetry.LogTraces(h)
	}
	return slog.New(h)
}

var (
	secretNames  = regexp.MustCompile(`(?i)^(authorization|cookie|password|secret|token)$`)
	secretValues = regexp.MustCompile(`plenary_[A-Za-z0-9_-]{16,}|/(?:feeds|starred|starred-feeds)/[A-Za-z0-9_-]{16,}|/(?:setup|invitation|reset|me)#[A-Za-z0-9_-]{16,}|((?:postgres(?:ql)?|smtps?)://[^:/@\s]*:)[^@\s]*@`)
)

// redact takes secrets out of what is logged, by the name of the attribute and by their shape.
func redact(_ []string, a slog.Attr) slog.Attr {
	if secretNames.MatchString(a.Key) {
		return slog.String(a.Key, "[redacted]")
	}
	var text string
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		text = v.String()
	case slog.KindAny:
		err, ok := v.Any().(error)
		if !ok {
			return a
		}
		text = err.Error()
	default:
		return a
	}
	if clean := secretValues.ReplaceAllString(text, "${1}[redacted]"); clean != text {
		return slog.String(a.Key, clean)
	}
	return a
}
