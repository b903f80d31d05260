// The JSON is read event by event: a tree of it would be ten times its size.
#include "scan/container/notebook.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace stanch::scan {
namespace {

class Events : public nlohmann::json_sax<nlohmann::json> {
  public:
    bool null() override { return scalar(); }
    bool boolean(bool /*value*/) override { return scalar(); }
    bool number_integer(number_integer_t /*value*/) override { return scalar(); }
    bool number_unsigned(number_unsigned_t /*value*/) override { return scalar(); }
    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
        return scalar();
    }
    bool binary(binary_t& /*value*/) override { return scalar(); }
    bool string(string_t& value) override {
        take(value);
        return scalar();
    }
    bool key(string_t& name) override {
        path_.back().key = name;
        return true;
    }
    bool start_object(std::size_t /*size*/) override { return enter(false); }
    bool start_array(std::size_t /*size*/) override { return enter(true); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }
    bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                     const nlohmann::json::exception& /*error*/) override {
        return false;
    }

    bool has_cells = false;
    std::vector<NotebookPart> parts;

  private:
    struct Level {
        bool array = false;
        std::size_t index = 0; // of the present element
        std::string key;       // of the present member
    };

    bool enter(bool array) {
        if (path_.size() > 200) return false; // no notebook is that deep
        path_.push_back({array, 0, {}});
        if (array && parent_key() == "cells") has_cells = true;
        return true;
    }
    bool leave() {
        path_.pop_back();
        return scalar();
    }
    bool scalar() {
        if (!path_.empty() && path_.back().array) ++path_.back().index;
        return true;
    }

    // The key under which the innermost container stands.
    [[nodiscard]] std::string_view parent_key() const {
        return path_.size() < 2 ? std::string_view()
                                : std::string_view(path_[path_.size() - 2].key);
    }

    // The place of an array of this name on the path, or the path's size.
    [[nodiscard]] std::size_t find_array(std::string_view name, std::size_t from) const {
        for (std::size_t i = from; i + 1 < path_.size(); ++i)
            if (path_[i].key == name && !path_[i].array && path_[i + 1].array) return i + 1;
        return path_.size();
    }

    // "cell 3 output 1 text/html": the part that a person looks at. Whatever else a cell has is its
    // metadata.
    [[nodiscard]] std::string part_name(bool text) const {
        const std::size_t cells = find_array("cells", 0);
        if (cells == path_.size()) return "metadata";
        std::string name = "cell " + std::to_string(path_[cells].index + 1);
        const std::size_t outputs = find_array("outputs", cells);
        if (outputs != path_.size()) name += " output " + std::to_string(path_[outputs].index + 1);
        if (!text) return name + " metadata";
        const std::string_view type = media_type();
        return type.empty() || type == "text/plain" ? name : name + " " + std::string(type);
    }

    // In {"data": {"text/plain": …}}.
    [[nodiscard]] std::string_view media_type() const {
        for (std::size_t i = 0; i + 1 < path_.size(); ++i)
            if (path_[i].key == "data" && !path_[i].array && !path_[i + 1].array)
                return path_[i + 1].key;
        return {};
    }

    // A list of strings is one text in pieces. What is no cell's text stands with its key on lines
    // of its own.
    void take(const std::string& value) {
        const bool piece = path_.size() > 1 && path_.back().array;
        const std::string_view key = piece           ? parent_key()
                                     : path_.empty() ? ""
                                                     : std::string_view(path_.back().key);
        const bool text = key == "source" || key == "input" || key == "text" ||
                          key == "traceback" || !media_type().empty();
        const bool named = !piece && !key.empty() &&
                           (!text || key.find('/') == std::string_view::npos) && key != "source" &&
                           key != "input" && key != "text";
        NotebookPart& part = part_of(part_name(text));
        if (!piece && !part.text.empty() && !part.text.ends_with('\n')) part.text += '\n';
        if (named) part.text.append(key).append(": ");
        part.text += value;
        if (!piece || key == "traceback") part.text += '\n';
    }

    NotebookPart& part_of(const std::string& name) {
        // Sources and outputs of one cell may stand in either order; metadata anywhere.
        for (auto part = parts.rbegin(); part != parts.rend() && part - parts.rbegin() < 4; ++part)
            if (part->name == name) return *part;
        return parts.emplace_back(NotebookPart{name, {}});
    }

    std::vector<Level> path_;
};

} // namespace

Result<std::vector<NotebookPart>> notebook_parts(std::string_view json) {
    if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
    Events events;
    if (!nlohmann::json::sax_parse(json.begin(), json.end(), &events) || !events.has_cells)
        return fail(ErrorKind::invalid, "no Jupyter notebook");
    return std::move(events.parts);
}

void look_at_notebook(Worker::State& worker, const Place& place, std::string_view content,
                      Outcome& outcome) {
    const auto parts = notebook_parts(content);
    if (!parts) return worker.plain(place, content, outcome);
    for (const NotebookPart& part : *parts)
        worker.plain(place.inside(part.name), part.text, outcome);
}

} // namespace stanch::scan
