#include "header_transform/rule.h"

#include <algorithm>
#include <utility>

#include "common/header_text.h"

using sluice::Header;

bool Rule::parse(json::Value value) {
  if (!value.isObject()) return false;
  const auto first = value.begin();
  if (first == value.end()) return value.fail("is empty; write one of set, append, remove, rename, copy");
  const auto body = *first;
  if (!parseAction(body.key())) return body.fail("unknown action; write one of set, append, remove, rename, copy");
  if (auto second = first; !(++second == value.end())) return value.fail("has two actions; write a rule for each");
  switch (action_) {
    case Action::Set:
    case Action::Append:
      return body.isObjectOf({"name", "value"}) && parseName(body);
    case Action::Remove:
      return body.isObjectOf({"name", "prefix", "suffix"}) && parseMatch(body);
    case Action::Rename:
    case Action::Copy:
      return body.isObjectOf({"name", "prefix", "suffix", "to"}) && parseMatch(body) && parseTo(body);
  }
  return false;
}

bool Rule::parseAction(std::string_view name) {
  constexpr std::pair<std::string_view, Action> kActions[] = {{"set", Action::Set},
                                                              {"append", Action::Append},
                                                              {"remove", Action::Remove},
                                                              {"rename", Action::Rename},
                                                              {"copy", Action::Copy}};
  for (const auto& [known, action] : kActions) {
    if (known != name) continue;
    action_ = action;
    return true;
  }
  return false;
}

// A pseudo-header such as :path can only be set.
bool Rule::parseName(json::Value value) {
  std::string_view name;
  std::string_view text;
  if (!value.require("name", name) || !value.require("value", text)) return false;
  const bool isPseudo = action_ == Action::Set && name.starts_with(':');
  const auto token = name.substr(isPseudo ? 1 : 0);
  if (token.empty() || !isNameText(token)) return value.find("name")->fail("", name, " is not a header's name");
  name_ = toLowerCase(name);
  return value_.parse(*value.find("value"));
}

bool Rule::parseMatch(json::Value value) {
  constexpr std::pair<std::string_view, Match> kMatches[] = {
      {"name", Match::Name}, {"prefix", Match::Prefix}, {"suffix", Match::Suffix}};
  for (const auto& [key, match] : kMatches) {
    const auto member = value.find(key);
    if (!member) continue;
    if (!name_.empty()) return member->fail("only one of name, prefix and suffix can be given");
    if (!member->isString()) return false;
    if (member->text().empty()) return member->fail("is empty");
    if (!isNameText(member->text())) return member->fail("", member->text(), " cannot stand in a header's name");
    match_ = match;
    name_ = toLowerCase(member->text());
  }
  return name_.empty() ? value.fail("missing one of name, prefix and suffix") : true;
}

bool Rule::parseTo(json::Value value) {
  std::string_view to;
  if (!value.require("to", to)) return false;
  if (to.empty() && match_ == Match::Name) return value.find("to")->fail("is empty");
  if (!isNameText(to)) return value.find("to")->fail("", to, " cannot stand in a header's name");
  to_ = toLowerCase(to);
  return true;
}

bool Rule::apply(HeaderList& list) const {
  switch (action_) {
    case Action::Set:
      return set(list);
    case Action::Append:
      return append(list);
    case Action::Remove:
      return remove(list);
    case Action::Rename:
      return rename(list);
    case Action::Copy:
      return copy(list);
  }
  return false;
}

bool Rule::matches(std::string_view name) const {
  switch (match_) {
    case Match::Name:
      return name == name_;
    case Match::Prefix:
      return name.starts_with(name_);
    case Match::Suffix:
      return name.ends_with(name_) && !name.starts_with(':');
  }
  return false;
}

std::string Rule::newName(std::string_view name) const {
  switch (match_) {
    case Match::Name:
      break;
    case Match::Prefix:
      return to_ + std::string(name.substr(name_.size()));
    case Match::Suffix:
      return std::string(name.substr(0, name.size() - name_.size())) + to_;
  }
  return to_;
}

bool Rule::set(HeaderList& list) const {
  std::string value;
  if (!value_.render(list, value)) return false;
  auto& headers = list.headers;
  const auto isNamed = [&](const Header& header) { return header.name == name_; };
  const auto first = std::find_if(headers.begin(), headers.end(), isNamed);
  if (first == headers.end()) {
    headers.push_back({name_, list.keep(std::move(value))});
  } else {
    first->value = list.keep(std::move(value));
    headers.erase(std::remove_if(first + 1, headers.end(), isNamed), headers.end());
  }
  return true;
}

bool Rule::append(HeaderList& list) const {
  std::string value;
  if (!value_.render(list, value)) return false;
  list.headers.push_back({name_, list.keep(std::move(value))});
  return true;
}

bool Rule::remove(HeaderList& list) const {
  return std::erase_if(list.headers, [&](const Header& header) { return matches(header.name); }) != 0;
}

bool Rule::rename(HeaderList& list) const {
  bool changed = false;
  for (auto& header : list.headers) {
    if (!matches(header.name)) continue;
    auto name = newName(header.name);
    if (name.empty()) continue;
    header.name = list.keep(std::move(name));
    changed = true;
  }
  return changed;
}

bool Rule::copy(HeaderList& list) const {
  const size_t count = list.headers.size();
  for (size_t i = 0; i < count; ++i) {
    const auto header = list.headers[i];
    if (!matches(header.name)) continue;
    auto name = newName(header.name);
    if (!name.empty()) list.headers.push_back({list.keep(std::move(name)), header.value});
  }
  return list.headers.size() != count;
}
