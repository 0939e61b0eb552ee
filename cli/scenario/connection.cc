#include "scenario/connection.h"

namespace sluice::scenario {

bool isMet(const TcpExpectation& expectation, const host::TcpReceived& received) {
  return (!expectation.receives || expectation.receives->accepts(received.data())) &&
         (!expectation.ends || *expectation.ends == received.ended);
}

}  // namespace sluice::scenario
