# Plenary in a container: one static program, nothing else, as a user without rights.
#
#     docker build -t plenary .
#     docker run --read-only --cap-drop=ALL --tmpfs /tmp -v plenary:/data -p 8080:8080 plenary
#
# No machine that tests Plenary has a container engine, so nothing but reading has checked this file.

FROM golang:1.26 AS build
WORKDIR /src

# The dependencies are a layer of their own: they change less often than the code.
COPY go.mod go.sum ./
RUN go mod download

# .git comes along, so that `plenary version` can tell the revision.
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/plenary ./cmd/plenary \
 && mkdir /out/data

FROM scratch
# Certificate authorities are for the servers that Plenary calls. Time zones are in the program.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/plenary /plenary
COPY --from=build /src/LICENSE /LICENSE
# A new volume takes its owner from here.
COPY --from=build --chown=65532:65532 /out/data /data

LABEL org.opencontainers.image.title="Plenary" \
      org.opencontainers.image.licenses="AGPL-3.0-or-later"

ENV PLENARY_ADDR=:8080 \
    PLENARY_DATABASE=/data/plenary.db
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/plenary"]
CMD ["serve"]
