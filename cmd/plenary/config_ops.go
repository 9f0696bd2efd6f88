package main

import (
	"fmt"
	"net"
	"net/netip"

	"plenary/internal/telemetry"
)

// checkOps says what is wrong with the address for operators, as far as that is known without asking for a name.
func checkOps(value string) error {
	host, _, err := net.SplitHostPort(value)
	if err != nil || host == "" {
		return fmt.Errorf("PLENARY_OPS_ADDR is %q, but must be a private address and a port, such as 127.0.0.1:9090", value)
	}
	if a, err := netip.ParseAddr(host); err == nil {
		if err := telemetry.CheckPrivate(a); err != nil {
			return fmt.Errorf("PLENARY_OPS_ADDR: %w", err)
		}
	}
	return nil
}

// readTraces reads of OpenTelemetry's variables whether traces go anywhere. The rest of them its library reads.
func (c *config) readTraces(name, value string) error {
	switch name {
	case "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT":
		c.Traces = c.Traces || value != ""
	case "OTEL_SDK_DISABLED":
		c.noTraces = c.noTraces || value == "true"
	case "OTEL_TRACES_EXPORTER":
		c.noTraces = c.noTraces || value == "none"
		if value != "" && value != "none" && value != "otlp" {
			return fmt.Errorf("%s is %q, but must be otlp or none", name, value)
		}
	case "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL":
		if value != "" && value != "http/protobuf" {
			return fmt.Errorf("%s is %q, but traces are sent by http/protobuf only", name, value)
		}
	}
	return nil
}
