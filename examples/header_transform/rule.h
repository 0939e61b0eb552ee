// One rule of the configuration, which changes a list of headers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/json.h"
#include "header_transform/header_list.h"
#include "header_transform/value_template.h"

class Rule {
 public:
  /// Reads an object with one member, such as {"set": {"name": …, "value": …}}. On a mistake logs it and returns false.
  bool parse(json::Value value);

  /// Applies the rule. Returns whether it has changed anything.
  bool apply(HeaderList& list) const;

 private:
  enum class Action : uint8_t { Set, Append, Remove, Rename, Copy };
  enum class Match : uint8_t { Name, Prefix, Suffix };

  bool parseAction(std::string_view name);
  bool parseName(json::Value value);
  bool parseMatch(json::Value value);
  bool parseTo(json::Value value);

  bool matches(std::string_view name) const;
  std::string newName(std::string_view name) const;
  bool set(HeaderList& list) const;
  bool append(HeaderList& list) const;
  bool remove(HeaderList& list) const;
  bool rename(HeaderList& list) const;
  bool copy(HeaderList& list) const;

  Action action_ = Action::Set;
  Match match_ = Match::Name;
  std::string name_;  // or the prefix, or the suffix
  std::string to_;    // the new name, prefix or suffix
  ValueTemplate value_;
};
