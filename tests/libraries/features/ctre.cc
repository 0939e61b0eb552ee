// ctre: matches, takes apart, refuses
#include <ctre.hpp>
#include <string>

#include "../../cpp/feature.h"

FEATURE(ctre, "2026 11 no") {
  const auto date = ctre::match<"([0-9]{4})-([0-9]{2})">("2026-11");
  if (!date) return "no match";
  return date.get<1>().to_string() + " " + date.get<2>().to_string() + (ctre::match<"a+b">("aac") ? " yes" : " no");
}
