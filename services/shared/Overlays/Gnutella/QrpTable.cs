using System.Numerics;
using P2PCloud.Contracts.Gnutella;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>
/// A table of the Query Routing Protocol 1.0: for each hash, whether a keyword with it occurs in the names of a leaf's files. It is filled
/// by words at the leaf, and by <see cref="RouteTableReset"/> and <see cref="RouteTablePatch"/> at its ultrapeer.
/// </summary>
public sealed class QrpTable
{
    /// <summary>Entries of a table that a leaf sends.</summary>
    public const int DefaultLength = 65_536;

    /// <summary>Entries that are accepted at most.</summary>
    public const int LengthMax = 1 << 20;

    /// <summary>Distance of a keyword that occurs: the leaf is one step away.</summary>
    public const int Near = 1;

    /// <summary>Distance of a keyword that does not occur, in the tables of this program.</summary>
    public const int DefaultInfinity = 7;

    /// <summary>Entries in one patch: 4 bits each, so that a message stays within 4 kB (advice of Gnutella 0.6).</summary>
    private const int PatchEntries = 8_000;

    private const int PatchesMax = 255;

    private readonly sbyte[] _distances;
    private readonly int _infinity;
    private readonly int _bits;
    private int _expected = 1;
    private int _position;
    private int _sequence;

    /// <summary>A table in which no keyword occurs.</summary>
    /// <param name="length">Entries: a power of two, 2 to <see cref="LengthMax"/>.</param>
    /// <param name="infinity">2 to 127.</param>
    public QrpTable(int length = DefaultLength, int infinity = DefaultInfinity)
    {
        if (!IsValid(length, infinity))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "Not a table of the Query Routing Protocol.");
        }

        _distances = new sbyte[length];
        Array.Fill(_distances, (sbyte)infinity);
        _infinity = infinity;
        _bits = BitOperations.Log2((uint)length);
    }

    /// <summary>Entries.</summary>
    public int Length => _distances.Length;

    /// <summary>False between a reset and the last patch after it: every query passes.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The table that a reset begins; null when it breaks a rule.</summary>
    public static QrpTable? Begin(RouteTableReset reset) =>
        IsValid(reset.TableLength, reset.Infinity) ? new QrpTable(reset.TableLength, reset.Infinity) : null;

    /// <summary>The table of a leaf.</summary>
    /// <param name="words">All words of all names, folded as queries are.</param>
    /// <param name="length">Entries.</param>
    public static QrpTable Of(IEnumerable<string> words, int length = DefaultLength)
    {
        var table = new QrpTable(length) { IsComplete = true };
        foreach (var word in words)
        {
            table._distances[QrpHash.Of(word, table._bits)] = Near;
        }

        return table;
    }

    /// <summary>Whether all words hit. Never false when a name has all of them; false when there is no word.</summary>
    public bool Passes(IReadOnlyList<string> words) =>
        words.Count > 0 && (!IsComplete || words.All(word => _distances[QrpHash.Of(word, _bits)] < _infinity));

    /// <summary>The patches that change another table into this one.</summary>
    /// <param name="from">What the receiver has: of the same length and infinity.</param>
    public IReadOnlyList<RouteTablePatch> PatchesFrom(QrpTable from)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(from.Length, Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(from._infinity, _infinity);
        var entries = Math.Max(PatchEntries, (Length + PatchesMax - 1) / PatchesMax);
        entries += entries % 2;
        var count = (Length + entries - 1) / entries;
        return
        [
            .. Enumerable.Range(0, count).Select(number => new RouteTablePatch(
                number + 1, count, 0, 4, Nibbles(from, number * entries, Math.Min(entries, Length - (number * entries))))),
        ];
    }

    /// <summary>Applies a patch.</summary>
    /// <returns>False when it breaks a rule or the order; the table must be thrown away then.</returns>
    public bool Apply(RouteTablePatch patch)
    {
        if (patch.Compressor != 0 || patch.EntryBits is not (4 or 8) || patch.SeqSize is < 1 or > PatchesMax
            || patch.SeqNo != _expected || (patch.SeqNo > 1 && patch.SeqSize != _sequence) || patch.SeqNo > patch.SeqSize)
        {
            return false;
        }

        var entries = patch.Data.Length * (8 / patch.EntryBits);
        if (_position + entries > Length)
        {
            return false;
        }

        for (var i = 0; i < entries; i++)
        {
            var sum = _distances[_position + i] + Delta(patch, i);
            _distances[_position + i] = (sbyte)Math.Clamp(sum, 0, _infinity);
        }

        var last = patch.SeqNo == patch.SeqSize;
        _sequence = patch.SeqSize;
        _position = last ? 0 : _position + entries;
        _expected = last ? 1 : patch.SeqNo + 1;
        IsComplete |= last;
        return true;
    }

    private static bool IsValid(int length, int infinity) =>
        length is >= 2 and <= LengthMax && BitOperations.IsPow2(length) && infinity is >= 2 and <= sbyte.MaxValue;

    private static int Delta(RouteTablePatch patch, int entry)
    {
        if (patch.EntryBits == 8)
        {
            return (sbyte)patch.Data[entry];
        }

        var nibble = entry % 2 == 0 ? patch.Data[entry / 2] >> 4 : patch.Data[entry / 2] & 0xF;
        return nibble >= 8 ? nibble - 16 : nibble;
    }

    private byte[] Nibbles(QrpTable from, int start, int entries)
    {
        var data = new byte[(entries + 1) / 2];
        for (var i = 0; i < entries; i++)
        {
            var delta = (_distances[start + i] - from._distances[start + i]) & 0xF;
            data[i / 2] |= (byte)(i % 2 == 0 ? delta << 4 : delta);
        }

        return data;
    }
}
