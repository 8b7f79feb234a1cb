using System.Text;
using P2PCloud.Contracts;

namespace P2PCloud.CentralDirectory;

/// <summary>
/// Text as bytes whose order in a sorted set of Redis (memcmp) is the ordinal order of .NET strings, so that Redis keeps postings in the
/// common order of all techniques. UTF-8 of each UTF-16 unit by itself (CESU-8, Unicode Technical Report 26); fields end with byte 1, and
/// the control characters 0 to 2 become two bytes each to make room for it.
/// </summary>
internal static class OrderedText
{
    /// <summary>Ends a field; sorts before every character.</summary>
    public const byte Separator = 1;

    private const byte Escape = 2;

    /// <summary>One field without separator.</summary>
    public static byte[] Encode(string text)
    {
        var bytes = new List<byte>(text.Length + 8);
        Append(bytes, text);
        return [.. bytes];
    }

    /// <summary>Name, content id, peer, size: in the common order. The script adds the session.</summary>
    public static byte[] Encode(Posting posting)
    {
        var bytes = new List<byte>(posting.Name.Length + posting.ContentId.Length + posting.Peer.Length + 24);
        Append(bytes, posting.Name);
        bytes.Add(Separator);
        Append(bytes, posting.ContentId);
        bytes.Add(Separator);
        Append(bytes, posting.Peer);
        bytes.Add(Separator);
        bytes.AddRange(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{posting.Size}")));
        return [.. bytes];
    }

    /// <summary>Reads a posting; the session behind it is left out.</summary>
    /// <exception cref="InvalidDataException">The bytes are not from <see cref="Encode(Posting)"/>.</exception>
    public static Posting DecodePosting(ReadOnlySpan<byte> bytes)
    {
        var name = Take(ref bytes);
        var contentId = Take(ref bytes);
        var peer = Take(ref bytes);
        return long.TryParse(Take(ref bytes), out var size)
            ? new Posting(contentId, name, size, peer)
            : throw new InvalidDataException("A posting in Redis has no size.");
    }

    /// <summary>Reads one field.</summary>
    public static string Decode(ReadOnlySpan<byte> field)
    {
        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            var unit = field[i];
            text.Append(unit switch
            {
                Escape => (char)(field[++i] - Escape),
                < 0x80 => (char)unit,
                < 0xE0 => (char)(((unit & 0x1F) << 6) | (field[++i] & 0x3F)),
                < 0xF0 => (char)(((unit & 0x0F) << 12) | ((field[++i] & 0x3F) << 6) | (field[++i] & 0x3F)),
                _ => throw new InvalidDataException("A text in Redis is not CESU-8."),
            });
        }

        return text.ToString();
    }

    private static string Take(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf(Separator);
        var field = Decode(end < 0 ? bytes : bytes[..end]);
        bytes = end < 0 ? [] : bytes[(end + 1)..];
        return field;
    }

    private static void Append(List<byte> bytes, string text)
    {
        foreach (var unit in text)
        {
            switch (unit)
            {
                case <= (char)Escape:
                    bytes.Add(Escape);
                    bytes.Add((byte)(unit + Escape));
                    break;
                case < (char)0x80:
                    bytes.Add((byte)unit);
                    break;
                case < (char)0x800:
                    bytes.Add((byte)(0xC0 | (unit >> 6)));
                    bytes.Add((byte)(0x80 | (unit & 0x3F)));
                    break;
                default:
                    bytes.Add((byte)(0xE0 | (unit >> 12)));
                    bytes.Add((byte)(0x80 | ((unit >> 6) & 0x3F)));
                    bytes.Add((byte)(0x80 | (unit & 0x3F)));
                    break;
            }
        }
    }
}
