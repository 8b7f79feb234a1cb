using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PCloud.Contracts.Chord;

/// <summary>
/// When a value was written, by the hybrid logical clock of the node where the write began (Kulkarni et al., "Logical physical clocks",
/// 2014): never behind the wall clock it was taken at, always after every version that this node and the owner had seen. Totally ordered; the
/// last wins.
/// </summary>
/// <param name="Time">Milliseconds since the Unix epoch, shifted left by 16, plus a counter in the low 16 bits.</param>
/// <param name="Node">
/// Name of the node where the write began, an @, and its incarnation in hexadecimal digits; breaks a tie. A node that starts again has forgotten which
/// times it gave: while the clock of another runs ahead of its own, the name alone would name two writes by one version.
/// </param>
[JsonConverter(typeof(KeyVersionJsonConverter))]
public sealed record KeyVersion(long Time, string Node) : IComparable<KeyVersion>
{
    private const int CounterBits = 16;

    /// <summary>Unix time in milliseconds.</summary>
    public long Milliseconds => Time >> CounterBits;

    /// <summary>The next version at a wall-clock time, after the last one that the clock's owner has seen.</summary>
    /// <param name="lastTime">Time of that version.</param>
    /// <param name="now">The wall clock.</param>
    /// <param name="node">Name of the clock's owner.</param>
    /// <param name="incarnation">Of the clock's owner: another one after each start.</param>
    public static KeyVersion Next(long lastTime, DateTimeOffset now, string node, long incarnation) =>
        new(Math.Max(lastTime + 1, now.ToUnixTimeMilliseconds() << CounterBits), string.Create(CultureInfo.InvariantCulture, $"{node}@{incarnation:x}"));

    /// <summary>Reads what <see cref="ToString"/> writes: 16 hexadecimal digits, a hyphen, the node that gave it.</summary>
    public static bool TryParse(string? text, out KeyVersion? version)
    {
        version = text is { Length: > 17 } && text[16] == '-'
            && long.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var time)
            ? new KeyVersion(time, text[17..])
            : null;
        return version is not null;
    }

    /// <inheritdoc/>
    public int CompareTo(KeyVersion? other) =>
        other is null ? 1
        : Time != other.Time ? Time.CompareTo(other.Time)
        : string.CompareOrdinal(Node, other.Node);

    /// <inheritdoc/>
    public override string ToString() => $"{Time.ToString("x16", CultureInfo.InvariantCulture)}-{Node}";

    public static bool operator <(KeyVersion left, KeyVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(KeyVersion left, KeyVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(KeyVersion left, KeyVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(KeyVersion left, KeyVersion right) => left.CompareTo(right) >= 0;
}

/// <summary>Writes a <see cref="KeyVersion"/> as its text.</summary>
public sealed class KeyVersionJsonConverter : JsonConverter<KeyVersion>
{
    /// <inheritdoc/>
    public override KeyVersion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        KeyVersion.TryParse(reader.GetString(), out var version)
            ? version!
            : throw new JsonException("A version is 16 hexadecimal digits, a hyphen and the node that gave it.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, KeyVersion value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
