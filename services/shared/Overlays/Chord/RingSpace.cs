using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Arithmetic on the identifier circle of m bits, 3 &lt;= m &lt;= 128 (Chord, ToN 2003, section IV-B). Intervals run clockwise and may pass
/// zero. On the ring {5, 10, 15} of 4 bits, key 7 is in (5, 10] and so belongs to 10, and key 2 is in (15, 5] and belongs to 5. An
/// interval whose ends are equal goes all the way round: (a, a] is the whole circle, (a, a) the circle without a.
/// </summary>
public sealed class RingSpace
{
    private readonly UInt128 _mask;

    /// <summary>A circle of 2^<paramref name="bits"/> ids.</summary>
    public RingSpace(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 3);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 128);
        Bits = bits;
        _mask = UInt128.MaxValue >> (128 - bits);
    }

    /// <summary>m.</summary>
    public int Bits { get; }

    /// <summary>SHA-256 of the text in UTF-8, its first m bits.</summary>
    public NodeId Hash(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return new NodeId(BinaryPrimitives.ReadUInt128BigEndian(digest) >> (128 - Bits));
    }

    /// <summary>The id of a node: H(app # virtual node). Nobody chooses an id.</summary>
    public NodeId IdOf(NodeRef node) => Hash($"{node.App}#{node.VirtualNode ?? 0}");

    /// <summary><see cref="IdOf"/> that remembers the nodes it was asked for, at most <paramref name="capacity"/> at a time.</summary>
    public Func<NodeRef, NodeId> RememberingIdOf(int capacity)
    {
        var known = new Dictionary<NodeRef, NodeId>();
        return node =>
        {
            if (!known.TryGetValue(node, out var id))
            {
                if (known.Count >= capacity)
                {
                    known.Clear();
                }

                known[node] = id = IdOf(node);
            }

            return id;
        };
    }

    /// <summary>Steps clockwise from one id to another, 0 to 2^m - 1.</summary>
    public UInt128 Distance(NodeId from, NodeId to) => unchecked(to.Value - from.Value) & _mask;

    /// <summary>The id <paramref name="steps"/> clockwise of another.</summary>
    public NodeId Add(NodeId id, UInt128 steps) => new(unchecked(id.Value + steps) & _mask);

    /// <summary>True when x is in the open interval (from, to).</summary>
    public bool IsBetween(NodeId from, NodeId x, NodeId to) =>
        x != from && x != to && (from == to || Distance(from, x) < Distance(from, to));

    /// <summary>True when x is in the half-open interval (from, to].</summary>
    public bool IsInHalfOpen(NodeId from, NodeId x, NodeId to) => x == to || IsBetween(from, x, to);

    /// <summary>
    /// Index of the first of the items, which are in clockwise order from an id, whose distance from it is <paramref name="distance"/> or
    /// more; the number of items when there is none.
    /// </summary>
    public int PlaceOf<T>(IReadOnlyList<T> items, NodeId from, UInt128 distance, Func<T, NodeId> idOf)
    {
        var low = 0;
        for (var high = items.Count; low < high;)
        {
            var middle = (low + high) / 2;
            if (Distance(from, idOf(items[middle])) < distance)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Index of the first of the contacts, which are in the order of their ids, at or after an id; their number when there is none.</summary>
    public int PlaceOf(IReadOnlyList<ChordContact> contacts, NodeId id) => PlaceOf(contacts, default, id.Value, static contact => contact.Id);

    /// <summary>Hexadecimal of the ring's width.</summary>
    public string Format(NodeId id) => id.Value.ToString($"x{(Bits + 3) / 4}", CultureInfo.InvariantCulture);
}
