using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

public sealed class MessageIdentityTests
{
    [Fact]
    public void A_delivery_is_known_by_its_bytes_and_its_source()
    {
        var id = MessageIdentity.OfDelivery("main", "{}"u8, out var fingerprint);

        Assert.Equal("incident-", id[..9]);
        Assert.Equal(41, id.Length);
        Assert.Equal((id, fingerprint), (MessageIdentity.OfDelivery("main", "{}"u8, out var again), again));
        Assert.NotEqual(id, MessageIdentity.OfDelivery("other", "{}"u8, out _));
        Assert.NotEqual(id, MessageIdentity.OfDelivery("main", "{ }"u8, out _));
    }

    /// <summary>The broker and the tables keep ids across versions: computed differently, every repeat would count as new.</summary>
    [Fact]
    public void Ids_are_the_same_in_every_version()
    {
        Assert.Equal("incident-ee7b0727663c5ac08494cf96a7f0d286", MessageIdentity.OfDelivery("main", "{}"u8, out var fingerprint));
        Assert.Equal(13860457212625255406UL, fingerprint);
        Assert.Equal("close-6627703b87c71ba3fc72e08dafbef13f", MessageIdentity.Of("close", "incident-1", "1.1"));
    }

    [Fact]
    public void The_same_body_from_two_sources_has_two_ids()
    {
        Assert.NotEqual(MessageIdentity.OfDelivery("main", "{}"u8, out var one), MessageIdentity.OfDelivery("rain", "{}"u8, out var other));
        Assert.NotEqual(one, other);
        Assert.NotEqual(MessageIdentity.OfDelivery("mä", "{}"u8, out _), MessageIdentity.OfDelivery("m", "{}"u8, out _));
    }

    /// <summary>Service Bus takes session ids of up to 128 characters.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_session_has_the_id_itself_where_the_broker_takes_it(int length, bool isItself)
    {
        var id = new string('x', length);

        Assert.Equal(isItself ? id : MessageIdentity.Of("incident", id), MessageIdentity.SessionOf("incident", id));
    }

    [Fact]
    public void An_event_is_known_by_all_its_parts_in_their_order()
    {
        string[] ids =
        [
            MessageIdentity.Of("close", "a", "b"), MessageIdentity.Of("close", "b", "a"), MessageIdentity.Of("close", "a", "b", ""),
            MessageIdentity.Of("closed", "a", "b"), MessageIdentity.Of("close", "ab"), MessageIdentity.Of("close", "a", "", "b"),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[0], MessageIdentity.Of("close", "a", "b"));
        Assert.All(ids, id => Assert.InRange(id.Length, 1, 128));
    }

    /// <summary>Parts come from people, for example an actor and a comment.</summary>
    [Theory]
    [InlineData("ada", "x\ny", "ada\nx", "y")]
    [InlineData("a", "1:b", "a1", ":b")]
    [InlineData("2:ab", "", "", "2:ab")]
    public void No_choice_of_parts_looks_like_another_one(string first, string second, string other, string another) =>
        Assert.NotEqual(MessageIdentity.Of("comment", first, second), MessageIdentity.Of("comment", other, another));
}
