namespace P2PCloud.Contracts.Tests;

public class IdTests
{
    [Fact]
    public void DescriptorId_has_the_fixed_bytes_of_a_gnutella_guid()
    {
        var text = DescriptorId.FromRandomBits(0x0123456789ABCDEF, 0x1122334455667788).ToString();

        Assert.Equal(32, text.Length);
        Assert.Equal("ff", text[16..18]);
        Assert.Equal("00", text[30..]);
    }

    [Theory]
    [InlineData("0123456789abcdefff22334455667700", true)]
    [InlineData("0123456789abcdefff223344556677", false)]
    [InlineData("0123456789abcdefff2233445566770000", false)]
    [InlineData("g123456789abcdefff22334455667700", false)]
    [InlineData(" 123456789abcdefff22334455667700", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void DescriptorId_is_read_from_exactly_32_hexadecimal_digits(string? text, bool valid) =>
        Assert.Equal(valid, DescriptorId.TryParse(text, out _));

    [Theory]
    [InlineData("0", true)]
    [InlineData("ff", true)]
    [InlineData("ffffffffffffffffffffffffffffffff", true)]
    [InlineData("0ffffffffffffffffffffffffffffffff", false)]
    [InlineData("-1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void NodeId_is_read_from_1_to_32_hexadecimal_digits(string? text, bool valid) =>
        Assert.Equal(valid, NodeId.TryParse(text, out _));

    [Fact]
    public void NodeRefs_are_equal_when_app_and_virtual_node_are()
    {
        Assert.Equal(new NodeRef("peer-1", 2, "http://a"), new NodeRef("peer-1", 2, "http://b"));
        Assert.NotEqual(new NodeRef("peer-1", 2), new NodeRef("peer-1"));
        Assert.Equal("peer-1#2", new NodeRef("peer-1", 2).Name);
    }
}
