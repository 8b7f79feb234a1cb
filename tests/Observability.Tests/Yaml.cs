using YamlDotNet.RepresentationModel;

namespace P2PCloud.Observability.Tests;

/// <summary>A node of a YAML document. A key that comes twice does not load.</summary>
internal sealed class Yaml(YamlNode node)
{
    /// <summary>The one document of a file.</summary>
    public static Yaml Load(params string[] path)
    {
        using var text = new StreamReader(Path.Combine([Repository.Observability, .. path]));
        var stream = new YamlStream();
        stream.Load(text);
        return new Yaml(Assert.Single(stream.Documents).RootNode);
    }

    /// <summary>Keys of a mapping; none of an empty value.</summary>
    public IReadOnlyList<string> Keys => node is YamlMappingNode mapping ? [.. mapping.Children.Keys.Select(key => key.ToString())] : [];

    /// <summary>Items of a sequence.</summary>
    public IReadOnlyList<Yaml> Items => [.. ((YamlSequenceNode)node).Select(item => new Yaml(item))];

    /// <summary>Items of a sequence of scalars.</summary>
    public IReadOnlyList<string> Texts => [.. Items.Select(item => item.Text)];

    /// <summary>A scalar.</summary>
    public string Text => ((YamlScalarNode)node).Value!;

    /// <summary>The value under keys, each below the one before.</summary>
    public Yaml this[params string[] keys] =>
        keys.Aggregate(this, (value, key) => value.Find(key) ?? throw new KeyNotFoundException($"No '{key}' among {string.Join(", ", value.Keys)}."));

    /// <summary>The value under a key; null when there is none.</summary>
    public Yaml? Find(string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) ? new Yaml(value) : null;

    /// <summary>The paths of all scalars below, such as <c>receivers.otlp.protocols.grpc.endpoint</c>; items of sequences have no number.</summary>
    public IEnumerable<(string Path, string Text)> Scalars(string path = "") => node switch
    {
        YamlMappingNode => Keys.SelectMany(key => this[key].Scalars(path.Length == 0 ? key : $"{path}.{key}")),
        YamlSequenceNode => Items.SelectMany(item => item.Scalars(path)),
        _ => [(path, ((YamlScalarNode)node).Value ?? "")],
    };
}
