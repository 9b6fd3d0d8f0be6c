using BigPanda.Functions.Sources;
using BigPanda.Functions.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Sources;

/// <summary>The app starts with good settings only, and names the one that is not.</summary>
public sealed class IntakeSettingsTests
{
    private const string Hash = "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef";

    [Fact]
    public void Good_settings_are_taken() => Assert.Empty(Start([]));

    [Theory]
    [InlineData("Source:Id", null, "The setting Source__Id is missing.")]
    [InlineData("Source:Id", "", "The setting Source__Id is missing.")]
    [InlineData("Source:Id", "a/b", "The setting Source__Id must be 1 to 64 letters, digits, - or _.")]
    [InlineData("Source:Id", "main\n", "The setting Source__Id must be 1 to 64 letters, digits, - or _.")]
    [InlineData("Source:Id", "ä", "The setting Source__Id must be 1 to 64 letters, digits, - or _.")]
    [InlineData("Source:TokenSha256", null, "The setting Source__TokenSha256 is missing.")]
    [InlineData("Source:TokenSha256", "", "The setting Source__TokenSha256 is missing.")]
    [InlineData("Source:TokenSha256", "the token itself", "The setting Source__TokenSha256 must be 64 hexadecimal digits.")]
    [InlineData("Source:TokenSha256", Hash + "00", "The setting Source__TokenSha256 must be 64 hexadecimal digits.")]
    [InlineData("Source:SecondTokenSha256", "0123", "The setting Source__SecondTokenSha256 must be 64 hexadecimal digits.")]
    [InlineData("Source:HeaderName", "", "The setting Source__HeaderName must be a header name.")]
    [InlineData("Source:HeaderName", "X Token", "The setting Source__HeaderName must be a header name.")]
    [InlineData("Source:HeaderName", "X-Token:", "The setting Source__HeaderName must be a header name.")]
    [InlineData("Intake:MaxBodyBytes", "1023", "The setting Intake__MaxBodyBytes must be from 1024 to 33554432.")]
    [InlineData("Intake:MaxBodyBytes", "33554433", "The setting Intake__MaxBodyBytes must be from 1024 to 33554432.")]
    public void A_setting_that_is_missing_or_bad_names_itself(string key, string? value, string message) =>
        Assert.Contains(Start(new() { [key] = value }), failure => failure.EndsWith(message, StringComparison.Ordinal));

    [Fact]
    public void All_bad_settings_are_named_at_once() =>
        Assert.Equal(2, Start(new() { ["Source:Id"] = "", ["Source:TokenSha256"] = "" }).Count);

    [Theory]
    [InlineData("Source:SecondTokenSha256", "")]
    [InlineData("Source:SecondTokenSha256", Hash)]
    [InlineData("Source:HeaderName", "X-BigPanda-Token")]
    [InlineData("Intake:MaxBodyBytes", "1024")]
    [InlineData("Intake:MaxBodyBytes", "33554432")]
    public void What_may_be_left_out_may_be_set(string key, string value) => Assert.Empty(Start(new() { [key] = value }));

    private static List<string> Start(Dictionary<string, string?> settings)
    {
        settings.TryAdd("Source:Id", "main");
        settings.TryAdd("Source:TokenSha256", Hash);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddSources(configuration).AddWebhooks(configuration).BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
        catch (AggregateException e)
        {
            return [.. e.InnerExceptions.OfType<OptionsValidationException>().SelectMany(each => each.Failures)];
        }
    }
}
