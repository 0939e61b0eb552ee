// RE2: matches, takes apart, replaces, refuses a broken expression
#include <re2/re2.h>

#include <string>

#include "../../cpp/feature.h"

FEATURE(re2, "ruby 42 b_n_n_ broken") {
  std::string name;
  int number = 0;
  if (!RE2::FullMatch("ruby:42", "(\\w+):(\\d+)", &name, &number)) return "no match";
  std::string fruit = "banana";
  RE2::GlobalReplace(&fruit, "a", "_");
  RE2::Options quiet;
  quiet.set_log_errors(false);
  return name + " " + std::to_string(number) + " " + fruit + (RE2("(", quiet).ok() ? " not broken" : " broken");
}
