#include "sluice/compat/data.h"

#include "sluice/header_map.h"
#include "sluice/log.h"

namespace sluice_compat {

std::vector<std::pair<std::string_view, std::string_view>> parsePairs(std::string_view data) {
  std::vector<std::pair<std::string_view, std::string_view>> pairs;
  const auto parsed = sluice::HeaderPairs::parse(data);
  if (!sluice::warnUnlessOk(parsed.status(), "a header map of the host's")) return pairs;
  pairs.reserve(parsed->size());
  for (const auto& header : *parsed) pairs.emplace_back(header.name, header.value);
  return pairs;
}

}  // namespace sluice_compat
