using System.Text.Json.Serialization;

namespace P2PCloud.Contracts;

/// <summary>
/// Where a node is: the app-id of its service, the number of the Chord virtual node inside it (null elsewhere), and, where
/// invocation is direct, the base address that reaches it. Dapr needs the app-id alone.
/// Two references name the same node when app and virtual node are equal: an address changes when a node restarts.
/// </summary>
public sealed record NodeRef(string App, int? VirtualNode = null, string? Endpoint = null)
{
    private string? _name;

    /// <summary>The app-id of its service.</summary>
    public string App
    {
        get;
        init
        {
            field = value;
            _name = null;
        }
    } = App;

    /// <summary>Number of the virtual node inside it, null elsewhere.</summary>
    public int? VirtualNode
    {
        get;
        init
        {
            field = value;
            _name = null;
        }
    } = VirtualNode;

    /// <summary>Base address that reaches it, where invocation is direct.</summary>
    public string? Endpoint { get; init; } = Endpoint;

    /// <summary>The name shown to people: <c>peer-3</c>, or <c>peer-3#1</c> for a virtual node.</summary>
    [JsonIgnore]
    public string Name => _name ??= VirtualNode is { } number ? $"{App}#{number}" : App;

    /// <summary>Equal when app and virtual node are.</summary>
    public bool Equals(NodeRef? other) => other is not null && App == other.App && VirtualNode == other.VirtualNode;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(App, VirtualNode);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
