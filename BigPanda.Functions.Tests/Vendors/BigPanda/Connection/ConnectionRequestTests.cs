using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Connection;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Connection;

public sealed class ConnectionRequestTests
{
    private static readonly ConnectionRequest Good = new(" the-key-of-the-service-account ", null, null, null, null, null);

    [Fact]
    public void Without_an_address_the_usual_one_is_asked()
    {
        var (candidate, _, _) = Good.ReadCandidate("https://usual.example.com");

        Assert.Equal(
            ("the-key-of-the-service-account", "https://usual.example.com", null), (candidate?.ApiKey, candidate?.ApiBaseUrl, candidate?.DefaultEnvironmentId));
    }

    [Theory]
    [InlineData("us", null, "https://api.bigpanda.io")]
    [InlineData("eu", null, "https://eu-api.bigpanda.io")]
    [InlineData(null, "https://proxy.example.com/", "https://proxy.example.com")]
    [InlineData(null, "HTTPS://Proxy.Example.com:443/a\nb", "https://proxy.example.com/a%0Ab")]
    public void A_region_or_an_address_may_be_named(string? region, string? url, string address) =>
        Assert.Equal(address, (Good with { Region = region, ApiBaseUrl = url }).ReadCandidate("https://usual.example.com").Candidate?.ApiBaseUrl);

    [Theory]
    [InlineData(null, null, null, "apiKey")]
    [InlineData("two words", null, null, "apiKey")]
    [InlineData("line\nbreak", null, null, "apiKey")]
    [InlineData("schlüssel", null, null, "apiKey")]
    [InlineData("key", "au", null, "region")]
    [InlineData("key", "us-east", null, "region")]
    [InlineData("key", "eu", "https://proxy.example.com", "apiBaseUrl")]
    [InlineData("key", null, "http://proxy.example.com", "apiBaseUrl")]
    [InlineData("key", null, "https://[::ffff:169.254.169.254]", "apiBaseUrl")]
    public void What_is_wrong_is_named_and_the_key_is_not_quoted(string? key, string? region, string? url, string field)
    {
        var (candidate, named, error) = (Good with { ApiKey = key, Region = region, ApiBaseUrl = url }).ReadCandidate("https://usual.example.com");

        Assert.Null(candidate);
        Assert.Equal(field, named);
        Assert.DoesNotContain(key is { Length: > 3 } ? key : "\0", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(" .. ")]
    public void An_environment_that_would_lead_to_another_path_is_refused(string id) =>
        Assert.Equal("defaultEnvironmentId", (Good with { DefaultEnvironmentId = id }).ReadCandidate("https://usual.example.com").Field);

    [Theory]
    [InlineData(null, null, null, "apiKey must not be empty.")]
    [InlineData("two words", null, null, "apiKey must be the key as BigPanda shows it, without spaces or line breaks.")]
    [InlineData("key", "..", null, "defaultEnvironmentId must be an environment's id, not . or ..")]
    [InlineData("key", null, "a\nb", "actor must have at most 200 characters, on one line.")]
    public void What_is_wrong_is_said(string? key, string? environment, string? actor, string error) => Assert.Equal(
        error, (Good with { ApiKey = key, DefaultEnvironmentId = environment, Actor = actor }).ReadCandidate("https://usual.example.com").Error);

    [Theory]
    [InlineData(1000, 200, 200, null, "")]
    [InlineData(1001, 1, 1, "apiKey", "apiKey must be the key as BigPanda shows it, without spaces or line breaks.")]
    [InlineData(1, 201, 1, "defaultEnvironmentId", "defaultEnvironmentId must have at most 200 characters.")]
    [InlineData(1, 1, 201, "actor", "actor must have at most 200 characters, on one line.")]
    public void Each_text_has_its_length(int key, int environment, int actor, string? field, string error)
    {
        var request = Good with { ApiKey = Long(key), DefaultEnvironmentId = Long(environment), Actor = Long(actor) };

        var (candidate, named, said) = request.ReadCandidate("https://usual.example.com");

        Assert.Equal((field is null, field, error), (candidate is not null, named, said));
        Assert.Equal(field is null ? Long(environment) : null, candidate?.DefaultEnvironmentId);

        static string Long(int length) => new('~', length);
    }

    [Fact]
    public void Each_connection_has_its_own_id() => Assert.Equal(
        2, Enumerable.Range(0, 2).Select(_ => Good.ReadCandidate("https://usual.example.com").Candidate?.ConnectionId).Where(id => id?.Length == 32)
            .Distinct().Count());

    [Theory]
    [InlineData("soon", "expiresOn must be a date (2027-01-31) or a time (2027-01-31T12:00:00Z).")]
    [InlineData("2026-11-01T10:00:00Z", "expiresOn must be in the future: an expired key does not work.")]
    public void What_is_wrong_with_an_expiry_is_said(string text, string error) =>
        Assert.Equal(error, (Good with { ExpiresOn = text }).ReadExpiry(Deliveries.Start).Error);

    [Theory]
    [InlineData("2026-12-31", "2026-12-31T00:00:00Z")]
    [InlineData("2026-12-31T12:00:00Z", "2026-12-31T12:00:00Z")]
    [InlineData("2026-12-31T12:00:00.5+01:00", "2026-12-31T11:00:00.5Z")]
    [InlineData(null, null)]
    public void The_expiry_is_a_date_or_a_time(string? text, string? time)
    {
        var (expiresOn, error) = (Good with { ExpiresOn = text }).ReadExpiry(Deliveries.Start);

        Assert.Null(error);
        Assert.Equal(time is null ? null : DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), expiresOn);
    }

    [Theory]
    [InlineData("2026-10-31")]
    [InlineData("31.12.2026")]
    [InlineData("soon")]
    public void An_expiry_that_is_none_or_has_passed_is_refused(string text) =>
        Assert.NotNull((Good with { ExpiresOn = text }).ReadExpiry(Deliveries.Start).Error);

    [Fact]
    public void A_request_does_not_print_its_key() => Assert.DoesNotContain("the-key", $"{Good}", StringComparison.Ordinal);

    [Theory]
    [InlineData(31, null)]
    [InlineData(30, 30)]
    [InlineData(8, 30)]
    [InlineData(7, 7)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    public void The_tightest_warning_that_is_due_is_given(int daysLeft, int? warning) =>
        Assert.Equal(warning, KeyExpiryCheck.Threshold(TimeSpan.FromDays(daysLeft)));

    [Theory]
    [InlineData(0, "in less than a day")]
    [InlineData(1, "in 1 day")]
    [InlineData(7, "in 7 days")]
    public void The_remaining_lifetime_of_a_key_is_written_in_words(int days, string words) => Assert.Equal(words, KeyExpiryCheck.In(days));
}
