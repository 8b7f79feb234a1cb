using P2PCloud.Contracts;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Tests.Flooding;

public class SeenTableTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private readonly SeenTable<string> _table = new(TimeSpan.FromMinutes(10), 100);

    [Fact]
    public void TryAdd_of_a_descriptor_seen_before_returns_false()
    {
        Assert.True(_table.TryAdd(DescriptorType.Query, Id(1), "a", Start));
        Assert.False(_table.TryAdd(DescriptorType.Query, Id(1), "b", Start));
        Assert.True(_table.TryGet(DescriptorType.Query, Id(1), Start, out var entry));
        Assert.Equal("a", entry);
    }

    [Fact]
    public void TryAdd_of_the_same_guid_with_another_type_returns_true()
    {
        _table.TryAdd(DescriptorType.Query, Id(1), "a", Start);

        Assert.True(_table.TryAdd(DescriptorType.QueryHit, Id(1), "b", Start));
    }

    [Fact]
    public void Entry_is_forgotten_at_its_age()
    {
        _table.TryAdd(DescriptorType.Query, Id(1), "a", Start);

        Assert.True(_table.TryGet(DescriptorType.Query, Id(1), Start + TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1), out _));
        Assert.False(_table.TryGet(DescriptorType.Query, Id(1), Start + TimeSpan.FromMinutes(10), out _));
    }

    [Fact]
    public void Full_table_forgets_the_oldest()
    {
        for (var i = 0; i < 150; i++)
        {
            _table.TryAdd(DescriptorType.Query, Id(i), "a", Start);
            Assert.InRange(_table.Count, 1, 100);
        }

        Assert.False(_table.TryGet(DescriptorType.Query, Id(49), Start, out _));
        Assert.True(_table.TryGet(DescriptorType.Query, Id(50), Start, out _));
    }

    private static DescriptorId Id(int number) => new((UInt128)number);
}
