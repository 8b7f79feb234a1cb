using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PCloud.Contracts;

/// <summary>
/// The 16-byte GUID of a flooded descriptor (Gnutella 0.4, header bytes 0 to 15): byte 8 is 0xFF, byte 15 is 0x00, the rest is random.
/// Byte 0 is the most significant byte of <see cref="Value"/>. On the wire it is 32 hexadecimal digits.
/// </summary>
[JsonConverter(typeof(DescriptorIdJsonConverter))]
public readonly record struct DescriptorId(UInt128 Value)
{
    /// <summary>Makes an id of 128 random bits by setting the two fixed bytes.</summary>
    public static DescriptorId FromRandomBits(ulong high, ulong low) =>
        new(new UInt128(high, (low & 0x00FF_FFFF_FFFF_FF00UL) | 0xFF00_0000_0000_0000UL));

    /// <summary>Reads exactly 32 hexadecimal digits.</summary>
    public static bool TryParse(string? text, out DescriptorId id)
    {
        var parsed = UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = new DescriptorId(value);
        return parsed && text!.Length == 32;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

/// <summary>Writes a <see cref="DescriptorId"/> as 32 hexadecimal digits.</summary>
public sealed class DescriptorIdJsonConverter : JsonConverter<DescriptorId>
{
    /// <inheritdoc/>
    public override DescriptorId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DescriptorId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("A descriptor id is 32 hexadecimal digits.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DescriptorId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
