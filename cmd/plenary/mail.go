package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/mail"
)

// newSender gives what sends letters, or nil when no mail server is configured.
func newSender(c config) (*mail.Sender, error) {
	if c.Mail.URL == "" {
		if c.Mail.Password != "" || c.Mail.From != "" || c.Mail.ReplyTo != "" || c.Answers != "" {
			return nil, usageError{fmt.Errorf("mail is half configured: PLENARY_SMTP_URL is missing, such as smtp://user@mail.example.org")}
		}
		return nil, nil
	}
	if c.Mail.From == "" {
		return nil, usageError{fmt.Errorf("mail is half configured: PLENARY_MAIL_FROM is missing, such as Forum <agenda@example.org>")}
	}
	s, err := mail.New(c.Mail)
	if err != nil {
		return nil, usageError{fmt.Errorf("mail can't be configured by PLENARY_SMTP_URL, PLENARY_SMTP_PASSWORD, PLENARY_MAIL_FROM and PLENARY_MAIL_REPLY_TO: %w", err)}
	}
	return s, nil
}

// logMail says at the start whether letters can be sent, and by which server.
func (i *installation) logMail() {
	if i.mail == nil {
		i.log.Warn("mail is not configured: no letters are sent, such as links to choose a new password; set PLENARY_SMTP_URL and PLENARY_MAIL_FROM")
		return
	}
	i.log.Info("mail is configured", "server", i.mail.Server(), "from", i.config.Mail.From)
}

func mailCommand(w world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mail",
		Short: "Try whether letters can be sent, and take those that answer invitations",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(mailTestCommand(w), mailReceiveCommand(w))
	return cmd
}

// trials say in each language what the letter is for.
var trials = agenda.Text{
	"en": "Nothing. This is a letter to try whether mail works, and it does.",
	"fr": "Rien. Cette lettre vérifie que le courrier fonctionne, et il fonctionne.",
	"vi": "Không có gì. Đây là thư thử xem thư có gửi được không, và thư gửi được.",
}

func mailTestCommand(w world) *cobra.Command {
	var language string
	cmd := &cobra.Command{
		Use:   "test ADDRESS",
		Short: "Send a letter to an address, to see whether it arrives",
		Long: `Test sends a letter to the address by the server PLENARY_SMTP_URL, and says what the server
answered. It needs no database.`,
		Example: `  PLENARY_SMTP_URL=smtp://agenda%40example.org@mail.example.org PLENARY_SMTP_PASSWORD=… \
    PLENARY_MAIL_FROM="Forum <agenda@example.org>" plenary mail test jane@example.org`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := readConfig(w.Environ)
			if err != nil {
				return usageError{err}
			}
			s, err := newSender(c)
			if err != nil {
				return err
			}
			if s == nil {
				return usageError{fmt.Errorf("mail is not configured: set PLENARY_SMTP_URL and PLENARY_MAIL_FROM; see `plenary --help`")}
			}
			detail := agenda.NewReader("en", language).String(trials)
			letter := agenda.Letter{Kind: agenda.LetterNotice, To: args[0], Language: language, Detail: detail}
			if err := s.Send(cmd.Context(), letter); err != nil {
				return err
			}
			_, err = fmt.Fprintf(w.Out, "The server %s took the letter to %s. Look whether it arrived, and whether among the unwanted ones.\n",
				s.Server(), args[0])
			return err
		},
	}
	cmd.Flags().StringVar(&language, "language", "en", "language of the letter: en, fr or vi")
	return cmd
}
