#include "privilege/yaml.h"

#include <libfyaml.h>
#include <memory>

namespace stanch::privilege {
namespace {

constexpr int deepest = 100;

std::size_t line_of(fy_node* node) {
    fy_token* token = nullptr;
    if (fy_node_is_scalar(node)) token = fy_node_get_scalar_token(node);
    if (token == nullptr) return 0;
    const fy_mark* mark = fy_token_start_mark(token);
    return mark == nullptr ? 0 : static_cast<std::size_t>(mark->line) + 1;
}

std::string scalar(fy_node* node) {
    std::size_t length = 0;
    const char* text = fy_node_get_scalar(node, &length);
    return text == nullptr ? std::string() : std::string(text, length);
}

Yaml convert(fy_node* node, int depth) {
    Yaml out;
    if (node == nullptr || depth > deepest || fy_node_is_alias(node)) return out;
    if (fy_node_is_scalar(node)) {
        out.kind = Yaml::Kind::scalar;
        out.text = scalar(node);
        out.line = line_of(node);
        return out;
    }
    void* at = nullptr;
    if (fy_node_is_mapping(node)) {
        out.kind = Yaml::Kind::map;
        while (fy_node_pair* pair = fy_node_mapping_iterate(node, &at)) {
            fy_node* key = fy_node_pair_key(pair);
            if (key == nullptr || !fy_node_is_scalar(key)) continue;
            Yaml value = convert(fy_node_pair_value(pair), depth + 1);
            if (const std::size_t line = line_of(key);
                line != 0 && (value.line == 0 || value.kind != Yaml::Kind::scalar))
                value.line = line;
            if (out.line == 0) out.line = line_of(key);
            out.members.push_back({scalar(key), std::move(value)});
        }
        return out;
    }
    out.kind = Yaml::Kind::list;
    while (fy_node* item = fy_node_sequence_iterate(node, &at)) {
        out.members.push_back({"", convert(item, depth + 1)});
        if (out.line == 0) out.line = out.members.back().value.line;
    }
    return out;
}

} // namespace

const Yaml& Yaml::operator[](std::string_view name) const {
    static const Yaml nothing;
    for (const auto& [key, value] : members)
        if (key == name) return value;
    return nothing;
}

std::vector<Yaml> parse_yaml(std::string_view text, bool& broken) {
    std::vector<Yaml> documents;
    // Its own diagnostics quote the text, which may hold secrets: they go nowhere.
    fy_diag_cfg silent{};
    fy_diag_cfg_default(&silent);
    silent.fp = nullptr;
    silent.output_fn = [](fy_diag*, void*, const char*, std::size_t) {};
    const std::unique_ptr<fy_diag, decltype(&fy_diag_unref)> diagnostics(fy_diag_create(&silent),
                                                                         fy_diag_unref);
    fy_parse_cfg configuration{};
    configuration.diag = diagnostics.get();
    configuration.flags = static_cast<fy_parse_cfg_flags>(FYPCF_QUIET);
    const std::unique_ptr<fy_parser, decltype(&fy_parser_destroy)> parser(
        fy_parser_create(&configuration), fy_parser_destroy);
    broken = !parser || fy_parser_set_string(parser.get(), text.data(), text.size()) != 0;
    if (broken) return documents;
    while (fy_document* document = fy_parse_load_document(parser.get())) {
        documents.push_back(convert(fy_document_root(document), 0));
        fy_parse_document_destroy(parser.get(), document);
        if (documents.size() > 1000) break;
    }
    broken = fy_parser_get_stream_error(parser.get());
    return documents;
}

} // namespace stanch::privilege
