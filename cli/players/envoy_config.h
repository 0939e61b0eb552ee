// The bootstrap configuration of an Envoy that plays a scenario.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "players/certificate.h"
#include "scenario/scenario.h"

namespace sluice::scenario {

/// The certificates for a scenario with TLS.
struct TlsCertificates {
  Certificate proxy;
  Certificate client;
};

/// Whether several exchanges of the scenario run together. The upstream then learns from Envoy which client's request
/// it gets: each of its connections begins with a line of the PROXY protocol.
bool runsTogether(const Scenario& scenario);

/// JSON for an Envoy with one listener on an ephemeral port of 127.0.0.1, the scenario's filters, one cluster for the
/// upstream at `upstreamPort`, and one cluster for each service at its port in `servicePorts`. It disables the headers
/// that Envoy itself would add, as far as Envoy allows.
std::string envoyConfig(const Scenario& scenario, uint16_t upstreamPort,
                        const std::map<std::string, uint16_t>& servicePorts, const TlsCertificates& certificates = {});

}  // namespace sluice::scenario
