using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PCloud.Contracts;

/// <summary>
/// A point on the identifier circle: an unsigned number of m bits, 3 &lt;= m &lt;= 128, held in 128 bits (Chord, ToN 2003, section IV-B).
/// The number of bits belongs to the ring, not to the id. On the wire it is lower-case hexadecimal without leading zeros.
/// </summary>
[JsonConverter(typeof(NodeIdJsonConverter))]
public readonly record struct NodeId(UInt128 Value) : IComparable<NodeId>
{
    /// <summary>Reads 1 to 32 hexadecimal digits.</summary>
    /// <returns>False when the text is empty, too long, or has another character.</returns>
    public static bool TryParse(string? text, out NodeId id)
    {
        var parsed = UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = new NodeId(value);
        return parsed && text!.Length <= 32;
    }

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);

    public static bool operator <(NodeId left, NodeId right) => left.Value < right.Value;

    public static bool operator >(NodeId left, NodeId right) => left.Value > right.Value;

    public static bool operator <=(NodeId left, NodeId right) => left.Value <= right.Value;

    public static bool operator >=(NodeId left, NodeId right) => left.Value >= right.Value;
}

/// <summary>Writes a <see cref="NodeId"/> as a hexadecimal JSON string; a number would lose bits in many readers.</summary>
public sealed class NodeIdJsonConverter : JsonConverter<NodeId>
{
    /// <inheritdoc/>
    public override NodeId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NodeId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("A node id is 1 to 32 hexadecimal digits.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, NodeId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
