// Package telemetry is what operators see of the running program: metrics in the format of Prometheus, traces by
// OpenTelemetry, profiles, and where these are asked for. It is the only package that knows Prometheus and OpenTelemetry,
// and it knows nothing of agendas: what is counted is named by whoever counts.
//
// Nothing that somebody sends becomes a name, a label or an attribute. Requests are told apart by the patterns of their routes, never by
// their addresses: those hold secrets, and there is no end of them.
package telemetry
